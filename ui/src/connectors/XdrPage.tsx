import { Skeleton, SkeletonItem } from '@fluentui/react-components';
import { api } from '../api/client';
import type { Connector } from '../api/types';
import { ErrorBar, Time } from '../parts/Basics';
import { formatCount, formatSeconds } from '../parts/format';
import { PageHeader } from '../parts/PageHeader';
import { StatePill } from '../parts/Pills';
import { useResource } from '../shell/useResource';
import { DataGraph } from './DataGraph';
import { DefenderMark } from './DefenderMark';
import { EntitiesPart } from './EntitiesPart';
import { EventsPart } from './EventsPart';
import { IncidentsPart } from './IncidentsPart';

/** The connector page of Microsoft Defender XDR: what comes in at the left, what to connect at the right. */
export function XdrPage() {
  const connector = useResource(api.connector, 5000);
  const c = connector.data;
  return (
    <div className="page">
      <PageHeader
        above={[{ to: '/connectors', text: 'Data connectors' }]}
        title={
          <>
            <DefenderMark size={26} /> Microsoft Defender XDR
          </>
        }
        refresh={connector}
      />
      {connector.error && <ErrorBar error={connector.error} retry={connector.reload} title={c ? 'What you see is not current.' : undefined} />}
      <div className="xdr">
        <div className="xdr-left">
          <Summary connector={c} />
          <DataGraph />
          {c && <DataTypes connector={c} />}
        </div>
        <div className="xdr-right">
          {c ? (
            <>
              <h2 className="xdr-heading">Configuration</h2>
              <p className="muted xdr-lead">
                Incidents, alerts and raw events of <b>{c.tenantName || c.tenantId}</b> are collected in three parts. Each can be switched on its own; nothing
                already stored is lost when a part is switched off.
              </p>
              <IncidentsPart connector={c} onChange={connector.set} />
              <EntitiesPart connector={c} onChange={connector.set} />
              <EventsPart connector={c} onChange={connector.set} />
            </>
          ) : (
            !connector.error && (
              <Skeleton aria-label="Loading the configuration" className="stack">
                <SkeletonItem size={24} />
                <SkeletonItem style={{ height: 150 }} />
                <SkeletonItem style={{ height: 120 }} />
                <SkeletonItem style={{ height: 320 }} />
              </Skeleton>
            )
          )}
        </div>
      </div>
    </div>
  );
}

function latest(...times: (string | null)[]): string | null {
  return times.reduce((a, b) => (!a || (b && Date.parse(b) > Date.parse(a)) ? b : a), null);
}

function Summary({ connector: c }: { connector: Connector | undefined }) {
  const last = c ? latest(c.incidents.lastEvent, c.events.lastEvent) : null;
  return (
    <dl className="tiles">
      <div>
        <dt>Status</dt>
        <dd>{c ? <StatePill value={c.status} /> : '…'}</dd>
      </div>
      <div>
        <dt>Provider</dt>
        <dd>Microsoft</dd>
      </div>
      <div>
        <dt>Last data received</dt>
        <dd>{c ? <Time value={last} ago /> : '…'}</dd>
      </div>
      <div>
        <dt>Lag</dt>
        <dd title="From the time in the newest event to its row being stored">{c ? formatSeconds(c.events.lagSeconds ?? c.incidents.lagSeconds) : '…'}</dd>
      </div>
    </dl>
  );
}

/** The data types the connector brings, those with data first. */
function DataTypes({ connector: c }: { connector: Connector }) {
  const tables = c.events.tables.filter((t) => t.rows > 0).sort((a, b) => b.rows24h - a.rows24h || b.rows - a.rows);
  return (
    <section aria-label="Data types" className="types">
      <h2>Data types</h2>
      <table className="table table-dense">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col" className="number">
              Last 24 h
            </th>
            <th scope="col" className="number">
              Last received
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>SecurityIncident, SecurityAlert</td>
            <td className="number tabular">–</td>
            <td className="number">
              <Time value={c.incidents.lastEvent} ago />
            </td>
          </tr>
          {tables.map((t) => (
            <tr key={t.name}>
              <td className="clip">{t.name}</td>
              <td className="number tabular">{formatCount(t.rows24h)}</td>
              <td className="number">
                <Time value={t.lastEvent} ago />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
