import { Badge, Button, SearchBox, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { PlugDisconnectedRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { api } from '../api/client';
import type { ConnectorSummary } from '../api/types';
import { Empty, ErrorBar, Time } from '../parts/Basics';
import { PageHeader } from '../parts/PageHeader';
import { StatePill } from '../parts/Pills';
import { Link, navigate } from '../shell/router';
import { useResource } from '../shell/useResource';
import { DefenderMark } from './DefenderMark';

export function ConnectorsPage() {
  const connectors = useResource(api.connectors, 10_000);
  const [search, setSearch] = useState('');
  const all = connectors.data ?? [];
  const shown = all.filter((c) => `${c.title} ${c.publisher}`.toLowerCase().includes(search.trim().toLowerCase()));
  const connected = all.filter((c) => c.status === 'connected').length;
  return (
    <div className="page">
      <PageHeader title="Data connectors" refresh={connectors} note={connectors.data && `${connected} of ${all.length} connected`} />
      <div className="page-scroll">
        <div className="connectors">
          {connectors.error && <ErrorBar error={connectors.error} retry={connectors.reload} />}
          <SearchBox data-search className="connectors-search" placeholder="Search connectors" aria-label="Search connectors" value={search} onChange={(_, d) => setSearch(d.value)} />
          <div className="card">
            <table className="table" aria-label="Data connectors">
              <thead>
                <tr>
                  <th scope="col">Connector</th>
                  <th scope="col">Status</th>
                  <th scope="col">Last data received</th>
                  <th scope="col" className="number">
                    Tables
                  </th>
                  <th scope="col">
                    <span className="visually-hidden">Open</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {!connectors.data && !connectors.error && <LoadingRow />}
                {shown.map((c) => (
                  <Row key={c.id} connector={c} />
                ))}
              </tbody>
            </table>
            {connectors.data && shown.length === 0 && (
              <Empty icon={<PlugDisconnectedRegular />} title="No connector matches">
                <Button onClick={() => setSearch('')}>Clear the search</Button>
              </Empty>
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

function Row({ connector }: { connector: ConnectorSummary }) {
  const to = `/connectors/${connector.id}`;
  return (
    <tr>
      <td>
        <div className="connector-name">
          <DefenderMark size={32} />
          <div>
            <Link to={to} className="connector-title">
              {connector.title}
            </Link>
            <div className="muted">{connector.publisher}</div>
          </div>
        </div>
      </td>
      <td>
        <StatePill value={connector.status} />
      </td>
      <td>
        <Time value={connector.lastEvent} ago />
      </td>
      <td className="number">
        <Badge appearance="tint" color="informative">
          {connector.tables}
        </Badge>
      </td>
      <td className="number">
        <Button size="small" onClick={() => navigate(to)}>
          Open connector page
        </Button>
      </td>
    </tr>
  );
}

function LoadingRow() {
  return (
    <tr>
      <td colSpan={5}>
        <Skeleton aria-label="Loading">
          <SkeletonItem size={32} />
        </Skeleton>
      </td>
    </tr>
  );
}
