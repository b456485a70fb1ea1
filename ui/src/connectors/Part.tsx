import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useCallback, useState, type ReactNode } from 'react';
import { asApiError, type ApiError } from '../api/client';
import type { Connector, LastError, PartState } from '../api/types';
import { ErrorBar, Time } from '../parts/Basics';
import { StatePill } from '../parts/Pills';

/** One numbered part of the configuration. */
export function Part({ n, title, state, lead, children }: { n: number; title: string; state: PartState; lead: ReactNode; children: ReactNode }) {
  const id = `part-${n}`;
  return (
    <section className="card part" aria-labelledby={id}>
      <header className="part-head">
        <span className="part-number" aria-hidden>
          {n}
        </span>
        <h3 id={id}>{title}</h3>
        <span className="grow" />
        <StatePill value={state} />
      </header>
      <div className="part-body">
        <p className="part-lead">{lead}</p>
        {children}
      </div>
    </section>
  );
}

/** The last error of a part; it stays until something succeeds after it. */
export function PartError({ error }: { error: LastError | null }) {
  if (!error) return null;
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>
          <Time value={error.at} ago />:
        </MessageBarTitle>
        {error.message} {error.hint && <span className="hint">{error.hint}</span>}
      </MessageBarBody>
    </MessageBar>
  );
}

export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Sends a change, keeps the answer, and shows why it was refused if it was. */
export function useChange(onChange: (c: Connector) => void): { busy: boolean; problem: ReactNode; apply: (send: () => Promise<Connector>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const apply = useCallback(
    async (send: () => Promise<Connector>) => {
      setBusy(true);
      setError(undefined);
      try {
        onChange(await send());
        return true;
      } catch (err) {
        setError(asApiError(err));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [onChange],
  );
  return { busy, problem: error && <ErrorBar error={error} title="Nothing was changed." />, apply };
}
