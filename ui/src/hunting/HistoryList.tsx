import { Button } from '@fluentui/react-components';
import { CheckmarkCircleRegular, DismissCircleRegular, ErrorCircleRegular, HistoryRegular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { Empty, Time } from '../parts/Basics';
import { formatCount, formatElapsed } from '../parts/format';
import { clearHistory, readHistory } from './history';

const icons = { done: <CheckmarkCircleRegular />, failed: <ErrorCircleRegular />, cancelled: <DismissCircleRegular /> };
const words = { done: 'Answered', failed: 'Failed', cancelled: 'Cancelled' };

/** The queries that were run in this browser, newest first. */
export function HistoryList({ started, onOpen }: { started: number | undefined; onOpen: (text: string) => void }) {
  const [cleared, setCleared] = useState(0);
  // Read again when a query was started or the list was emptied.
  const history = useMemo(readHistory, [started, cleared]);
  if (history.length === 0) {
    return (
      <Empty icon={<HistoryRegular />} title="No history yet">
        Queries you run are kept here, in this browser only.
      </Empty>
    );
  }
  return (
    <div className="history">
      <div className="history-bar">
        <span className="muted">Kept in this browser only.</span>
        <Button
          size="small"
          appearance="subtle"
          onClick={() => {
            clearHistory();
            setCleared(cleared + 1);
          }}
        >
          Clear history
        </Button>
      </div>
      <ul>
        {history.map((p) => (
          <li key={p.at}>
            <button type="button" className="past" onClick={() => onOpen(p.text)} title="Open this query">
              <span className={`past-state past-${p.status}`} title={words[p.status]}>
                {icons[p.status]}
              </span>
              <code className="mono clip">{p.text.replaceAll(/\s+/g, ' ')}</code>
              <span className="tabular muted">{p.status === 'done' ? `${formatCount(p.rows)} rows` : words[p.status]}</span>
              <span className="tabular muted">{formatElapsed(p.elapsedMs)}</span>
              <Time value={new Date(p.at).toISOString()} ago />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
