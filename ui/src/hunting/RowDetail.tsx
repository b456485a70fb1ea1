import { Button, Input, Tab, TabList, Tooltip } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronUpRegular, DismissRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import type { Cell, Column } from '../api/types';
import { CopyButton } from '../parts/Basics';
import { useZone } from '../shell/preferences';
import { cellText, rowObject, toJson } from './cells';
import { formatTime } from '../parts/format';
import { JsonTree, structured } from './JsonTree';

interface Props {
  columns: Column[];
  row: Cell[];
  position: number;
  count: number;
  onMove: (position: number) => void;
  onClose: () => void;
}

/** One row, every column below the other; dynamic values opened up; the whole as JSON. */
export function RowDetail({ columns, row, position, count, onMove, onClose }: Props) {
  const zone = useZone();
  const [tab, setTab] = useState('fields');
  const [search, setSearch] = useState('');
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const wanted = search.trim().toLowerCase();
  const fields = columns
    .map((column, i) => ({ column, cell: row[i] }))
    .filter(({ column, cell }) => !wanted || column.name.toLowerCase().includes(wanted) || cellText(cell).toLowerCase().includes(wanted));
  const json = () => toJson(rowObject(columns, row), 2);
  return (
    // Escape closes the panel from wherever the focus is inside it.
    <aside ref={panel} className="detail" aria-label={`Row ${position + 1}`} tabIndex={-1} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <div className="detail-head">
        <h2>
          Row {position + 1} <span className="muted">of {count}</span>
        </h2>
        <span className="grow" />
        <CopyButton label="Copy as JSON" text={json} />
        <Tooltip content="Previous row" relationship="label">
          <Button size="small" appearance="subtle" icon={<ChevronUpRegular />} disabled={position === 0} onClick={() => onMove(position - 1)} />
        </Tooltip>
        <Tooltip content="Next row" relationship="label">
          <Button size="small" appearance="subtle" icon={<ChevronDownRegular />} disabled={position + 1 >= count} onClick={() => onMove(position + 1)} />
        </Tooltip>
        <Tooltip content="Close (Esc)" relationship="label">
          <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onClose} />
        </Tooltip>
      </div>
      <div className="detail-bar">
        <TabList size="small" selectedValue={tab} onTabSelect={(_, d) => setTab(String(d.value))}>
          <Tab value="fields">Fields</Tab>
          <Tab value="json">JSON</Tab>
        </TabList>
        <span className="grow" />
        {tab === 'fields' && <Input size="small" placeholder="Filter fields" aria-label="Filter fields" value={search} onChange={(_, d) => setSearch(d.value)} />}
      </div>
      {tab === 'json' ? (
        <pre className="detail-json mono">{json()}</pre>
      ) : (
        <dl className="detail-fields">
          {fields.map(({ column, cell }, i) => {
            const tree = structured(cell);
            return (
              <div key={i} className="detail-field">
                <dt title={column.type}>{column.name}</dt>
                <dd>
                  {cell === null || cell === undefined ? (
                    <span className="muted">null</span>
                  ) : tree !== undefined ? (
                    <JsonTree value={tree} />
                  ) : column.type === 'datetime' && typeof cell === 'string' ? (
                    <span className="tabular">{formatTime(cell, zone)}</span>
                  ) : (
                    cellText(cell) || <span className="muted">empty</span>
                  )}
                </dd>
                <span className="detail-copy">
                  <CopyButton label={`Copy ${column.name}`} text={() => cellText(cell)} />
                </span>
              </div>
            );
          })}
          {fields.length === 0 && <p className="muted">No field matches.</p>}
        </dl>
      )}
    </aside>
  );
}
