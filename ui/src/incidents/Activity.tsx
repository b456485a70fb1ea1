import { CommentRegular, HistoryRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { Incident } from '../api/types';
import { Empty, Time } from '../parts/Basics';
import { spaced } from '../parts/Pills';

/** Entries that begin a history: there is nothing before them that could have changed. */
const beginnings = new Set(['created', 'first collected']);

/** Comments and changes of an incident, the newest first. */
export function Activity({ incident }: { incident: Incident }) {
  const items: { at: string; by: string; icon: ReactNode; body: ReactNode }[] = [
    ...(incident.comments ?? []).map((c) => ({ at: c.at, by: c.author, icon: <CommentRegular />, body: <p className="prose comment">{c.text}</p> })),
    ...(incident.history ?? []).map((h) => ({
      at: h.at,
      by: h.by,
      icon: <HistoryRegular />,
      body: (
        <ul className="changes">
          {(h.changes ?? []).map((c) => (
            <li key={c.field}>
              <span className="muted">{spaced(c.field)}</span>{' '}
              {beginnings.has(c.field) ? null : <>{c.from ? <del>{c.from}</del> : <span className="muted">not set</span>} → </>}
              {c.to ? <ins>{c.to}</ins> : <span className="muted">not set</span>}
            </li>
          ))}
        </ul>
      ),
    })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (items.length === 0) return <Empty icon={<HistoryRegular />} title="Nothing happened yet">Comments and changes of this incident will stand here.</Empty>;
  return (
    <ol className="activity">
      {items.map((item, n) => (
        <li key={n}>
          <span className="activity-icon">{item.icon}</span>
          <div className="activity-body">
            <div className="activity-head">
              <b>{item.by || 'Microsoft Defender XDR'}</b> <Time value={item.at} />
            </div>
            {item.body}
          </div>
        </li>
      ))}
    </ol>
  );
}
