import { SearchRegular } from '@fluentui/react-icons';
import type { Incident } from '../api/types';
import { huntingLink } from '../hunting/deeplink';
import { Empty } from '../parts/Basics';
import { VerdictPill, spaced } from '../parts/Pills';
import { Link } from '../shell/router';
import { assetsOf } from './assets';
import { EvidenceIcon } from './EvidenceIcon';

export function Entities({ incident }: { incident: Incident }) {
  const assets = assetsOf(incident);
  if (assets.length === 0) return <Empty title="No entities">The alerts of this incident name none.</Empty>;
  return (
    <div className="card">
      <table className="table table-dense" aria-label="Entities">
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">Type</th>
            <th scope="col">Verdict</th>
            <th scope="col" className="number">
              Alerts
            </th>
            <th scope="col">
              <span className="visually-hidden">Hunt</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {assets.map(({ evidence: e, alerts }) => (
            <tr key={`${e.type} ${e.title}`}>
              <td className="entity-name">
                <EvidenceIcon type={e.type} /> <span>{e.title}</span>
              </td>
              <td>{spaced(e.type)}</td>
              <td>{e.verdict ? <VerdictPill value={e.verdict} /> : '–'}</td>
              <td className="number tabular">{alerts}</td>
              <td className="number">
                {e.query && (
                  <Link to={huntingLink(e.query)} className="hunt">
                    <SearchRegular /> Hunt
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
