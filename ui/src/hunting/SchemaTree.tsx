import { Button, SearchBox, Spinner, Tooltip } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular, MathFormulaRegular, PanelLeftContractRegular, TableRegular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { ApiError } from '../api/client';
import type { Schema } from '../api/types';
import { ErrorBar } from '../parts/Basics';
import { treeRows, type TreeRow } from './schemaRows';

interface Props {
  schema: Schema | undefined;
  error: ApiError | undefined;
  reload: () => void;
  onInsert: (text: string) => void;
  onCollapse: () => void;
}

/** Tables with their columns, and functions: a double click or Enter writes the name into the query. */
export function SchemaTree({ schema, error, reload, onInsert, onCollapse }: Props) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => (schema ? treeRows(schema, open, search) : []), [schema, open, search]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 26, overscan: 12 });

  const toggle = (row: TreeRow) => {
    const next = new Set(open);
    if (!next.delete(row.id)) next.add(row.id);
    setOpen(next);
  };
  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const row = rows[active];
    if (event.key === 'ArrowDown') go(active + 1);
    else if (event.key === 'ArrowUp') go(active - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowRight' && row?.expandable && !row.expanded) toggle(row);
    else if (event.key === 'ArrowLeft' && row?.expandable && row.expanded) toggle(row);
    else if (event.key === 'Enter' && row?.insert) onInsert(row.insert);
    else return;
    event.preventDefault();
  };
  return (
    <aside className="schema" aria-label="Schema">
      <div className="schema-head">
        <SearchBox data-search size="small" placeholder="Search tables and columns" aria-label="Search the schema" value={search} onChange={(_, d) => setSearch(d.value)} />
        <Tooltip content="Hide the schema" relationship="label">
          <Button size="small" appearance="subtle" icon={<PanelLeftContractRegular />} onClick={onCollapse} />
        </Tooltip>
      </div>
      {error && !schema && <ErrorBar error={error} retry={reload} title="The schema cannot be read." />}
      {!schema && !error && <Spinner size="small" className="schema-spinner" label="Reading the schema" />}
      <div
        ref={scroller}
        className="schema-tree"
        role="tree"
        aria-label="Tables, columns and functions"
        tabIndex={0}
        aria-activedescendant={rows[active] ? `schema-${active}` : undefined}
        onKeyDown={onKey}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]!;
            return (
              // The tree has the focus and handles the keys for all of its items.
              <div
                key={row.id}
                id={`schema-${item.index}`}
                role="treeitem"
                tabIndex={-1}
                aria-level={row.level + 1}
                aria-expanded={row.expandable ? row.expanded : undefined}
                aria-selected={item.index === active}
                className={item.index === active ? 'schema-row schema-row-active' : 'schema-row'}
                style={{ transform: `translateY(${item.start}px)`, paddingLeft: 6 + row.level * 16 }}
                title={row.description ? `${row.text}\n${row.description}` : undefined}
                onClick={() => {
                  setActive(item.index);
                  if (row.expandable) toggle(row);
                }}
                onDoubleClick={() => row.insert && onInsert(row.insert)}
              >
                <span className="schema-chevron">{row.expandable && (row.expanded ? <ChevronDownRegular /> : <ChevronRightRegular />)}</span>
                {row.kind === 'table' && <TableRegular className="schema-icon" />}
                {row.kind === 'function' && <MathFormulaRegular className="schema-icon" />}
                <span className={row.kind === 'group' ? 'clip schema-group' : 'clip'}>{row.text}</span>
                {row.note && <span className="schema-note">{row.note}</span>}
              </div>
            );
          })}
        </div>
        {schema && rows.length === 0 && <p className="muted schema-none">Nothing is called “{search}”.</p>}
      </div>
    </aside>
  );
}
