import { ChevronDownRegular, ChevronRightRegular, OpenRegular, SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Alert, Evidence } from '../api/types';
import { huntingLink } from '../hunting/deeplink';
import { Empty, Time } from '../parts/Basics';
import { SeverityPill, StatusPill, VerdictPill, productName, spaced } from '../parts/Pills';
import { Link } from '../shell/router';
import { EvidenceIcon } from './EvidenceIcon';

/** The alerts of an incident in the order in which things happened; the first is open. */
export function Alerts({ alerts }: { alerts: Alert[] }) {
  const ordered = alerts.toSorted((a, b) => Date.parse(a.firstActivity || a.created) - Date.parse(b.firstActivity || b.created));
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(ordered.slice(0, 1).map((a) => a.id)));
  if (ordered.length === 0) return <Empty title="No alerts">Defender reported this incident without alerts, or they were not collected yet.</Empty>;
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <ol className="alerts">
      {ordered.map((a) => (
        <AlertItem key={a.id} alert={a} open={open.has(a.id)} onToggle={() => toggle(a.id)} />
      ))}
    </ol>
  );
}

function AlertItem({ alert: a, open, onToggle }: { alert: Alert; open: boolean; onToggle: () => void }) {
  const facts: [string, React.ReactNode][] = [
    ['Detected by', [productName(a.product), a.detectionSource && productName(a.detectionSource)].filter((p, n, all) => p && all.indexOf(p) === n).join(' · ')],
    ['Category', spaced(a.category)],
    ['Techniques', (a.techniques ?? []).join(', ')],
    ['Threat', a.threat],
    ['Actor', a.actor],
    ['First activity', <Time key="f" value={a.firstActivity} digits={3} />],
    ['Last activity', <Time key="l" value={a.lastActivity} digits={3} />],
    ['Alert id', <span key="i" className="mono">{a.id}</span>],
  ];
  return (
    <li className="card alert">
      <div className="alert-head">
        <button type="button" className="alert-toggle" aria-expanded={open} onClick={onToggle}>
          {open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          <SeverityPill value={spaced(a.severity)} />
          <span className="alert-title clip" title={a.title}>{a.title}</span>
        </button>
        <StatusPill value={a.status} />
        <Time value={a.firstActivity || a.created} minutes />
        {a.url.startsWith('https://') && (
          <a href={a.url} target="_blank" rel="noreferrer noopener" aria-label={`Open alert ${a.title} in Defender`} title="Open in Defender" className="icon-link">
            <OpenRegular />
          </a>
        )}
      </div>
      {open && (
        <div className="alert-body">
          {a.description && <p className="prose">{a.description}</p>}
          <dl className="about-facts alert-facts">
            {facts
              .filter(([, value]) => value)
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
          <h3>Evidence ({(a.evidence ?? []).length})</h3>
          {(a.evidence ?? []).length === 0 && <p className="muted">Defender gave none for this alert.</p>}
          <ul className="evidence-list">
            {(a.evidence ?? []).map((e, n) => (
              <EvidenceItem key={n} evidence={e} />
            ))}
          </ul>
          {a.recommendedActions && (
            <details className="actions">
              <summary>Recommended actions</summary>
              <p className="prose">{a.recommendedActions}</p>
            </details>
          )}
        </div>
      )}
    </li>
  );
}

/** One piece of evidence: what it is, what Defender thinks of it, its fields, and the raw events behind it. */
export function EvidenceItem({ evidence: e }: { evidence: Evidence }) {
  const [open, setOpen] = useState(false);
  const fields = e.fields ?? [];
  return (
    <li className="evidence">
      <div className="evidence-head">
        <button type="button" className="alert-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          <EvidenceIcon type={e.type} />
          <span className="evidence-type">{spaced(e.type)}</span>
          <span className="evidence-title clip" title={e.title}>
            {e.title}
          </span>
        </button>
        {(e.roles ?? []).length > 0 && <span className="chip">{(e.roles ?? []).map(spaced).join(', ')}</span>}
        {e.remediationStatus && e.remediationStatus !== 'none' && <span className="muted nowrap">{spaced(e.remediationStatus)}</span>}
        {e.verdict && e.verdict !== 'unknown' && <VerdictPill value={e.verdict} />}
        {e.query && (
          <Link to={huntingLink(e.query)} className="hunt" title="See the raw events of this evidence">
            <SearchRegular /> Hunt
          </Link>
        )}
      </div>
      {open && (
        <dl className="evidence-fields">
          {fields.map((f) => (
            <div key={f.name}>
              <dt>{spaced(f.name)}</dt>
              <dd className="mono">{f.value}</dd>
            </div>
          ))}
          {fields.length === 0 && <div className="muted">No further fields.</div>}
        </dl>
      )}
    </li>
  );
}
