import { Button, Checkbox, SearchBox, Spinner } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../api/client';
import type { Connector, EventTable } from '../api/types';
import { Time } from '../parts/Basics';
import { formatCount, formatSeconds } from '../parts/format';
import { Facts, Part, PartError, useChange } from './Part';

/** Part 3: raw advanced-hunting events, a check box for each table. */
export function EventsPart({ connector, onChange }: { connector: Connector; onChange: (c: Connector) => void }) {
  const part = connector.events;
  const applied = useMemo(() => part.tables.filter((t) => t.enabled).map((t) => t.name), [part.tables]);
  const appliedKey = applied.join(' ');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(applied));
  const [search, setSearch] = useState('');
  const [said, setSaid] = useState('');
  const { busy, problem, apply } = useChange(onChange);
  // What is ticked here survives the page's own refreshing; a change made elsewhere or applied here replaces it.
  useEffect(() => setChosen(new Set(appliedKey.split(' ').filter(Boolean))), [appliedKey]);

  const groups = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const by = new Map<string, EventTable[]>();
    for (const t of part.tables) {
      if (wanted && !`${t.name} ${t.description}`.toLowerCase().includes(wanted)) continue;
      by.set(t.group, [...(by.get(t.group) ?? []), t]);
    }
    return [...by];
  }, [part.tables, search]);

  const added = [...chosen].filter((name) => !applied.includes(name)).length;
  const removed = applied.filter((name) => !chosen.has(name)).length;
  const toggle = (names: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    setSaid('');
    setChosen(next);
  };
  const source = part.source;
  return (
    <Part
      n={3}
      title="Connect events"
      state={part.state}
      lead="Collects raw advanced hunting events from the Defender components through the streaming API's event hub. Mark the tables to keep, then apply."
    >
      <PartError error={part.lastError} />
      {problem}
      <Facts
        items={[
          ['Source', origin(source)],
          ['Received', formatCount(part.received)],
          ['Refused', formatCount(part.refused)],
          ['Duplicates dropped', formatCount(part.duplicates)],
          ['Last event', <Time key="t" value={part.lastEvent} ago />],
          ['Lag', formatSeconds(part.lagSeconds)],
        ]}
      />
      <div className="events-bar">
        <SearchBox data-search size="small" placeholder="Filter tables" aria-label="Filter tables" value={search} onChange={(_, d) => setSearch(d.value)} />
        <span className="muted tabular">
          {chosen.size} of {part.tables.length} marked
        </span>
        <Button size="small" appearance="subtle" onClick={() => toggle(part.tables.map((t) => t.name), true)}>
          Select all
        </Button>
        <Button size="small" appearance="subtle" onClick={() => toggle(part.tables.map((t) => t.name), false)}>
          Select none
        </Button>
      </div>
      <div className="events">
        {groups.map(([group, tables]) => (
          <Group key={group} group={group} tables={tables} chosen={chosen} toggle={toggle} />
        ))}
        {groups.length === 0 && <p className="muted events-none">No table matches “{search}”.</p>}
      </div>
      <div className="part-actions part-actions-sticky">
        <Button
          appearance="primary"
          disabled={busy || added + removed === 0}
          icon={busy ? <Spinner size="extra-tiny" /> : undefined}
          onClick={() => void apply(() => api.putEvents(part.tables.map((t) => t.name).filter((n) => chosen.has(n)))).then((ok) => ok && setSaid('Changes applied.'))}
        >
          Apply changes
        </Button>
        <Button disabled={busy || added + removed === 0} onClick={() => setChosen(new Set(applied))}>
          Discard
        </Button>
        <span role="status" className="applied">
          {added + removed > 0 ? (
            <span className="muted">{[added && `${added} to connect`, removed && `${removed} to disconnect`].filter(Boolean).join(', ')}</span>
          ) : (
            said && (
              <>
                <CheckmarkCircleFilled /> {said}
              </>
            )
          )}
        </span>
      </div>
    </Part>
  );
}

interface GroupProps {
  group: string;
  tables: EventTable[];
  chosen: ReadonlySet<string>;
  toggle: (names: string[], on: boolean) => void;
}

function Group({ group, tables, chosen, toggle }: GroupProps) {
  const on = tables.filter((t) => chosen.has(t.name)).length;
  return (
    <table className="table table-dense events-table" aria-label={group}>
      <thead>
        <tr>
          <th scope="col" className="events-check">
            <Checkbox
              aria-label={`All tables of ${group}`}
              checked={on === 0 ? false : on === tables.length ? true : 'mixed'}
              onChange={() => toggle(tables.map((t) => t.name), on < tables.length)}
            />
          </th>
          <th scope="col">
            {group}{' '}
            <span className="muted tabular">
              ({on}/{tables.length})
            </span>
          </th>
          <th scope="col">Events type</th>
          <th scope="col" className="number">
            Rows
          </th>
          <th scope="col" className="number">
            Last event
          </th>
          <th scope="col" className="number">
            Lag
          </th>
        </tr>
      </thead>
      <tbody>
        {tables.map((t) => (
          <tr key={t.name}>
            <td className="events-check">
              <Checkbox aria-label={t.name} checked={chosen.has(t.name)} onChange={(_, d) => toggle([t.name], d.checked === true)} />
            </td>
            <td className="events-name">{t.name}</td>
            <td className="muted">
              {t.description}
              {t.refused > 0 && <span className="refused"> {formatCount(t.refused)} records refused.</span>}
            </td>
            <td className="number tabular">{formatCount(t.rows)}</td>
            <td className="number">
              <Time value={t.lastEvent} ago />
            </td>
            <td className="number tabular">{t.enabled && t.lagSeconds !== null ? formatSeconds(t.lagSeconds) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** origin says where events come from: a hub, a storage account, or both. */
function origin(source: Connector['events']['source']): string {
  const hub = source.hub && `${source.namespace} / ${source.hub} (${source.consumerGroup}${source.kind === 'kafka' ? ', Kafka' : ''})`;
  return [hub, source.account && `storage account ${source.account}`].filter(Boolean).join(' and ') || 'not configured';
}
