import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, Tooltip } from '@fluentui/react-components';
import { ArrowClockwiseRegular, CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { ApiError } from '../api/client';
import { useZone } from '../shell/preferences';
import { formatAgo, formatTime } from './format';

let ticker = Date.now();

function subscribeTicker(listener: () => void): () => void {
  const timer = setInterval(() => {
    ticker = Date.now();
    listener();
  }, 5000);
  return () => clearInterval(timer);
}

/** The time, renewed every five seconds, for "5 min ago". */
export function useNow(): number {
  return useSyncExternalStore(subscribeTicker, () => ticker);
}

/** A time, in full, to the minute, or as a distance from now; the shorter ones have the full time in their tooltip. */
export function Time({ value, ago, minutes, digits = 0 }: { value: string | null | undefined; ago?: boolean; minutes?: boolean; digits?: number }) {
  const zone = useZone();
  const now = useNow();
  if (!value) return <span className="muted">{ago ? 'never' : '–'}</span>;
  const full = formatTime(value, zone, digits);
  return (
    <time dateTime={value} title={ago || minutes ? `${full} ${zone === 'utc' ? 'UTC' : 'local time'}` : undefined} className="tabular">
      {ago ? formatAgo(value, Math.max(now, Date.now())) : minutes ? full.slice(0, 16) : full}
    </time>
  );
}

/** Says what went wrong and what to do, with a way to try again. */
export function ErrorBar({ error, retry, title }: { error: ApiError; retry?: () => void; title?: string }) {
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        {title && <MessageBarTitle>{title}</MessageBarTitle>}
        {error.message} {error.hint && <span className="hint">{error.hint}</span>}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button size="small" icon={<ArrowClockwiseRegular />} onClick={retry}>
            Try again
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

/** What stands where there is nothing to show: why, and what one can do about it. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {icon && <span className="empty-icon">{icon}</span>}
      <h3>{title}</h3>
      {children && <div className="empty-text">{children}</div>}
    </div>
  );
}

/** A button that copies text and says that it did. */
export function CopyButton({ text, label, children }: { text: () => string | Promise<string>; label: string; children?: ReactNode }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => setCopied(await copyText(await text()));
  return (
    <Tooltip content={copied ? 'Copied' : label} relationship="label">
      <Button
        size="small"
        appearance="subtle"
        icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void copy()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}

/** Puts text on the clipboard; on plain HTTP from another machine browsers offer only the old way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.cssText = 'position:fixed;opacity:0';
    document.body.append(area);
    const before = document.activeElement as HTMLElement | null;
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    before?.focus();
    return done;
  }
}
