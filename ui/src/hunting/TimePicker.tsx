import { Button, Field, Input, Popover, PopoverSurface, PopoverTrigger, Radio, RadioGroup } from '@fluentui/react-components';
import { CalendarClockRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { formatTime } from '../parts/format';
import { useZone, type Zone } from '../shell/preferences';
import { presets, type TimeRange } from './timeRange';

interface Props {
  range: TimeRange;
  /** The query limits its own time, so the range does not count. */
  own: boolean;
  onChange: (range: TimeRange) => void;
}

function describe(range: TimeRange, zone: Zone): string {
  if (range.kind === 'query') return 'Set in query';
  if (range.kind === 'custom') return `${formatTime(range.from, zone, 0).slice(0, 16)} – ${formatTime(range.to, zone, 0).slice(0, 16)}`;
  return presets.find((p) => p.span === range.span)?.text ?? `Last ${range.span}`;
}

/** "2026-03-01T09:00" as typed, in the chosen zone, to ISO; null when it is no time. */
function typed(text: string, zone: Zone): string | null {
  const d = new Date(zone === 'utc' ? text + 'Z' : text);
  return text === '' || Number.isNaN(d.getTime()) ? null : d.toISOString();
}

const forInput = (iso: string, zone: Zone) => formatTime(iso, zone, 0).slice(0, 16).replace(' ', 'T');

export function TimePicker({ range, own, onChange }: Props) {
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const now = new Date();
  const start = range.kind === 'custom' ? range : { from: new Date(now.getTime() - 86_400_000).toISOString(), to: now.toISOString() };
  const [from, setFrom] = useState(() => forInput(start.from, zone));
  const [to, setTo] = useState(() => forInput(start.to, zone));
  const [fromIso, toIso] = [typed(from, zone), typed(to, zone)];
  const wrong = fromIso && toIso && fromIso >= toIso ? 'The end must be after the start.' : undefined;
  const choose = (next: TimeRange) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={(_, d) => setOpen(d.open)} trapFocus positioning="below-start">
      <PopoverTrigger disableButtonEnhancement>
        <Button size="small" icon={<CalendarClockRegular />} aria-label={`Time range: ${own ? 'set in query' : describe(range, zone)}`}>
          <span className="muted">Time range:</span>&nbsp;{own ? 'Set in query' : describe(range, zone)}
        </Button>
      </PopoverTrigger>
      <PopoverSurface className="time-picker">
        {own && <p className="hint">This query limits its own time, so the range below is not used for it.</p>}
        <RadioGroup
          aria-label="Time range"
          value={range.kind === 'last' ? range.span : range.kind}
          onChange={(_, d) => {
            if (d.value === 'query') choose({ kind: 'query' });
            else if (d.value !== 'custom') choose({ kind: 'last', span: d.value });
          }}
        >
          {presets.map((p) => (
            <Radio key={p.span} value={p.span} label={p.text} />
          ))}
          <Radio value="query" label="Set in query (no limit of its own)" />
        </RadioGroup>
        <div className="time-custom">
          <Field size="small" label={`From (${zone === 'utc' ? 'UTC' : 'local time'})`}>
            <Input size="small" type="datetime-local" value={from} onChange={(_, d) => setFrom(d.value)} />
          </Field>
          <Field size="small" label="To" validationMessage={wrong}>
            <Input size="small" type="datetime-local" value={to} onChange={(_, d) => setTo(d.value)} />
          </Field>
          <Button
            size="small"
            appearance="primary"
            disabled={!fromIso || !toIso || wrong !== undefined}
            onClick={() => fromIso && toIso && choose({ kind: 'custom', from: fromIso, to: toIso })}
          >
            Use custom range
          </Button>
        </div>
      </PopoverSurface>
    </Popover>
  );
}
