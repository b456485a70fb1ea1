import {
  CheckmarkCircleFilled,
  CircleHintRegular,
  DismissCircleFilled,
  ErrorCircleFilled,
  SpinnerIosRegular,
} from '@fluentui/react-icons';
import type { ConnectorStatus, PartState } from '../api/types';

/** A severity with the coloured bar of the Defender queue; the word carries the meaning, the colour repeats it. */
export function SeverityPill({ value }: { value: string }) {
  return (
    <span className={`severity severity-${value.toLowerCase()}`}>
      <span className="severity-bar" aria-hidden />
      {value}
    </span>
  );
}

/** An incident's or alert's status: New, Active, In progress, Resolved, Closed. */
export function StatusPill({ value }: { value: string }) {
  const key = value.toLowerCase().replaceAll(/[^a-z]/g, '');
  return (
    <span className={`status status-${key}`}>
      <span className="status-dot" aria-hidden />
      {spaced(value)}
    </span>
  );
}

const states: Record<ConnectorStatus | PartState, { text: string; kind: string }> = {
  connected: { text: 'Connected', kind: 'good' },
  connecting: { text: 'Connecting', kind: 'busy' },
  disconnected: { text: 'Disconnected', kind: 'idle' },
  off: { text: 'Not connected', kind: 'idle' },
  error: { text: 'Error', kind: 'bad' },
};

/** The state of a connector or of one of its parts. */
export function StatePill({ value }: { value: ConnectorStatus | PartState }) {
  const { text, kind } = states[value] ?? { text: value, kind: 'idle' };
  return (
    <span className={`state state-${kind}`}>
      {kind === 'good' && <CheckmarkCircleFilled />}
      {kind === 'busy' && <SpinnerIosRegular className="spin" />}
      {kind === 'idle' && <CircleHintRegular />}
      {kind === 'bad' && <ErrorCircleFilled />}
      {text}
    </span>
  );
}

/** What Defender makes of a piece of evidence. */
export function VerdictPill({ value }: { value: string }) {
  const key = value.toLowerCase();
  const kind = key === 'malicious' ? 'bad' : key === 'suspicious' ? 'warn' : 'idle';
  return (
    <span className={`verdict verdict-${kind}`}>
      {kind === 'bad' && <DismissCircleFilled />}
      {spaced(value)}
    </span>
  );
}

/** "inProgress" → "In progress": Graph's enumerations as one reads them. */
export function spaced(value: string): string {
  const words = value.replaceAll(/([a-z])([A-Z])/g, '$1 $2').trim();
  if (words === value) return value.charAt(0).toUpperCase() + value.slice(1);
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
