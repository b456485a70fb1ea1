import { Button, SearchBox } from '@fluentui/react-components';
import { ArrowSortDownFilled, ArrowSortUpFilled, DesktopRegular, FilterDismissRegular, MailInboxRegular, PersonRegular, ShieldCheckmarkRegular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { IncidentSummary } from '../api/types';
import { Empty, ErrorBar, Time } from '../parts/Basics';
import { formatCount } from '../parts/format';
import { PageHeader } from '../parts/PageHeader';
import { SeverityPill, StatusPill, productName } from '../parts/Pills';
import { Link, isPlainClick, navigate, useAddress } from '../shell/router';
import { severities, statuses, useCounts } from './useCounts';
import { useQueue } from './useQueue';

const columns: { key: string; text: string; sort?: string; className?: string }[] = [
  { key: 'title', text: 'Incident name', sort: 'title' },
  { key: 'severity', text: 'Severity', sort: 'severity' },
  { key: 'status', text: 'Status', sort: 'status' },
  { key: 'alerts', text: 'Alerts', sort: 'alerts', className: 'number' },
  { key: 'entities', text: 'Impacted assets' },
  { key: 'owner', text: 'Assigned to' },
  { key: 'lastUpdate', text: 'Last update', sort: 'lastUpdate' },
  { key: 'created', text: 'Created', sort: 'created' },
];

/** The queue's filter as it stands in the address, so that it can be sent and gone back to. */
function useFilter() {
  const { params } = useAddress();
  const list = (name: string) => (params.get(name) ?? '').split(',').filter(Boolean);
  const change = (changes: Record<string, string>, replace = false) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const text = next.toString();
    navigate(text ? `/incidents?${text}` : '/incidents', { replace });
  };
  return {
    status: list('status'),
    severity: list('severity'),
    search: params.get('search') ?? '',
    sort: params.get('sort') ?? 'lastUpdate',
    desc: params.get('desc') !== 'false',
    change,
  };
}

export function IncidentsPage() {
  const filter = useFilter();
  const request = new URLSearchParams({ sort: filter.sort, desc: String(filter.desc) });
  if (filter.status.length) request.set('status', filter.status.join(','));
  if (filter.severity.length) request.set('severity', filter.severity.join(','));
  if (filter.search) request.set('search', filter.search);
  const key = request.toString();
  const queue = useQueue(key);
  const counts = useCounts();
  const filtered = filter.status.length + filter.severity.length > 0 || filter.search !== '';

  const toggle = (name: 'status' | 'severity', value: string) => {
    const now = filter[name];
    filter.change({ [name]: (now.includes(value) ? now.filter((v) => v !== value) : [...now, value]).join(',') });
  };
  return (
    <div className="page">
      <PageHeader
        title="Incidents"
        note={
          <span role="status" className="tabular">
            {queue.total !== undefined && `${formatCount(queue.total)} ${queue.total === 1 ? 'incident' : 'incidents'}`}
          </span>
        }
        refresh={{ ...queue, reload: () => (queue.reload(), counts.reload()) }}
      />
      <div className="queue-bar">
        <Search value={filter.search} onChange={(search) => filter.change({ search }, true)} />
        <div className="facets" role="group" aria-label="Status">
          {statuses.map((s) => (
            <button key={s} type="button" className="facet" aria-pressed={filter.status.includes(s)} onClick={() => toggle('status', s)}>
              <StatusPill value={s} /> <span className="facet-count">{counts.data ? formatCount(counts.data.status[s]) : ''}</span>
            </button>
          ))}
        </div>
        <div className="facets" role="group" aria-label="Severity, open incidents">
          {severities.map((s) => (
            <button key={s} type="button" className="facet" aria-pressed={filter.severity.includes(s)} title={`Open incidents of severity ${s}`} onClick={() => toggle('severity', s)}>
              <SeverityPill value={s} /> <span className="facet-count">{counts.data ? formatCount(counts.data.severity[s]) : ''}</span>
            </button>
          ))}
        </div>
        <span className="grow" />
        {filtered && (
          <Button size="small" appearance="subtle" icon={<FilterDismissRegular />} onClick={() => navigate('/incidents')}>
            Clear filters
          </Button>
        )}
      </div>
      {queue.error && <ErrorBar error={queue.error} retry={queue.reload} title={queue.total === undefined ? undefined : 'What you see is not current.'} />}
      <QueueTable key={key} queue={queue} sort={filter.sort} desc={filter.desc} onSort={(sort, desc) => filter.change({ sort, desc: desc ? '' : 'false' })}>
        <Empty icon={<ShieldCheckmarkRegular />} title={filtered ? 'No incident matches' : 'No incidents yet'}>
          {filtered ? (
            <Button onClick={() => navigate('/incidents')}>Clear filters</Button>
          ) : (
            <p>
              They appear here as Defender XDR reports them. <Link to="/connectors/defender-xdr">Check the connector</Link> if you expect some.
            </p>
          )}
        </Empty>
      </QueueTable>
    </div>
  );
}

/** The search box: the address follows what is typed a moment later. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change.current(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <SearchBox
      data-search
      className="queue-search"
      placeholder="Search names, ids, tags, entities"
      aria-label="Search incidents"
      value={text}
      onChange={(_, d) => setText(d.value)}
    />
  );
}

interface TableProps {
  queue: ReturnType<typeof useQueue>;
  sort: string;
  desc: boolean;
  onSort: (sort: string, desc: boolean) => void;
  children: React.ReactNode;
}

const rowHeight = 48;

function QueueTable({ queue, sort, desc, onSort, children }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: queue.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { see } = queue;
  useEffect(() => see(first, last), [see, first, last]);

  const loading = queue.total === undefined && !queue.error;
  return (
    <div className="queue" ref={scroller}>
      <div role="table" aria-label="Incidents" aria-rowcount={(queue.total ?? 0) + 1} className="queue-table">
        <div role="row" className="queue-row queue-head">
          {columns.map((c) => (
            <div key={c.key} role="columnheader" className={c.className} aria-sort={c.sort === sort ? (desc ? 'descending' : 'ascending') : undefined}>
              {c.sort ? (
                <button type="button" className="sort" onClick={() => onSort(c.sort!, c.sort === sort ? !desc : c.sort !== 'title')}>
                  {c.text}
                  {c.sort === sort && (desc ? <ArrowSortDownFilled /> : <ArrowSortUpFilled />)}
                </button>
              ) : (
                c.text
              )}
            </div>
          ))}
        </div>
        <div role="rowgroup" className="queue-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row key={item.index} index={item.index} top={item.start} incident={queue.row(item.index)} />
          ))}
        </div>
        {loading && Array.from({ length: 14 }, (_, i) => <div key={i} className="queue-row queue-ghost" aria-hidden />)}
      </div>
      {queue.total === 0 && children}
    </div>
  );
}

function Row({ incident: i, index, top }: { incident: IncidentSummary | undefined; index: number; top: number }) {
  if (!i) return <div role="row" aria-rowindex={index + 2} className="queue-row queue-line queue-ghost" style={{ transform: `translateY(${top}px)` }} />;
  const to = `/incidents/${encodeURIComponent(i.id)}`;
  return (
    // The whole row leads to the incident for the mouse; the keyboard has the link in it.
    <div
      role="row"
      aria-rowindex={index + 2}
      className="queue-row queue-line"
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => isPlainClick(event) && !getSelection()?.toString() && navigate(to)}
    >
      <div role="cell" className="queue-name">
        <Link to={to} className="queue-title clip" title={i.title}>
          {i.title}
        </Link>
        <div className="queue-sub clip">
          <span className="tabular">{i.id}</span>
          {(i.products ?? []).length > 0 && ` · ${(i.products ?? []).map((p) => productName(p).replace(/^Microsoft /, '')).join(', ')}`}
          {(i.tags ?? []).map((t) => (
            <span key={t} className="chip">
              {t}
            </span>
          ))}
        </div>
      </div>
      <div role="cell">
        <SeverityPill value={i.severity} />
      </div>
      <div role="cell">
        <StatusPill value={i.status} />
      </div>
      <div role="cell" className="number tabular">
        {formatCount(i.alerts)}
      </div>
      <div role="cell" className="assets">
        {i.entities.devices > 0 && (
          <span title={`${i.entities.devices} devices`}>
            <DesktopRegular /> {i.entities.devices}
          </span>
        )}
        {i.entities.users > 0 && (
          <span title={`${i.entities.users} users`}>
            <PersonRegular /> {i.entities.users}
          </span>
        )}
        {i.entities.mailboxes > 0 && (
          <span title={`${i.entities.mailboxes} mailboxes`}>
            <MailInboxRegular /> {i.entities.mailboxes}
          </span>
        )}
      </div>
      <div role="cell" className="clip">
        {i.owner || <span className="muted">Unassigned</span>}
      </div>
      <div role="cell">
        <Time value={i.lastUpdate} ago />
      </div>
      <div role="cell" className="muted clip">
        <Time value={i.created} minutes />
      </div>
    </div>
  );
}
