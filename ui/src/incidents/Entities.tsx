import { SearchRegular } from '@fluentui/react-icons';
import type { Evidence, Incident } from '../api/types';
import { huntingLink } from '../hunting/deeplink';
import { Empty } from '../parts/Basics';
import { VerdictPill, spaced } from '../parts/Pills';
import { Link } from '../shell/router';
import { EvidenceIcon } from './EvidenceIcon';

export interface Asset {
  evidence: Evidence;
  alerts: number;
}

const weight = (verdict: string) => ['malicious', 'suspicious'].indexOf(verdict.toLowerCase());

/** The different things named in an incident's evidence, each once, with the worst verdict any alert gave it. */
export function assetsOf(incident: Incident): Asset[] {
  const known = new Map<string, Asset & { of: Set<string> }>();
  for (const alert of incident.alertList ?? []) {
    for (const evidence of alert.evidence ?? []) {
      const key = `${evidence.type}\n${evidence.title}`;
      const old = known.get(key);
      if (!old) {
        known.set(key, { evidence, alerts: 1, of: new Set([alert.id]) });
        continue;
      }
      old.of.add(alert.id);
      old.alerts = old.of.size;
      const [mine, best] = [weight(evidence.verdict), weight(old.evidence.verdict)];
      if (mine >= 0 && (best < 0 || mine < best)) old.evidence = evidence;
    }
  }
  const order = ['device', 'user', 'mailbox', 'ip', 'url', 'file', 'process'];
  const rank = (a: Asset) => (order.indexOf(a.evidence.type) + order.length + 1) % (order.length + 1);
  return [...known.values()].sort((a, b) => rank(a) - rank(b) || b.alerts - a.alerts || a.evidence.title.localeCompare(b.evidence.title));
}

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
