import { useState } from 'react';
import { toJson } from './cells';

/** The object or array in a cell: a dynamic value, or text that holds one, as AdditionalFields often does. */
export function structured(cell: unknown): object | undefined {
  if (typeof cell === 'object' && cell !== null) return cell;
  if (typeof cell !== 'string' || !/^\s*[[{]/.test(cell)) return undefined;
  try {
    const value: unknown = JSON.parse(cell);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const atOnce = 100;

/** JSON that opens level by level: what is closed is not in the page, so deep and long values cost nothing. */
export function JsonTree({ value, level = 0 }: { value: object; level?: number }) {
  const entries = Object.entries(value);
  const [shown, setShown] = useState(atOnce);
  if (entries.length === 0) return <span className="json">{Array.isArray(value) ? '[ ]' : '{ }'}</span>;
  return (
    <ul className="json">
      {entries.slice(0, shown).map(([key, item]) => (
        <Entry key={key} name={key} value={item as unknown} level={level} />
      ))}
      {entries.length > shown && (
        <li>
          <button type="button" className="json-more" onClick={() => setShown(shown + 10 * atOnce)}>
            {entries.length - shown} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Entry({ name, value, level }: { name: string; value: unknown; level: number }) {
  const [open, setOpen] = useState(level < 1);
  const nested = typeof value === 'object' && value !== null ? value : undefined;
  if (!nested) {
    const kind = value === null ? 'null' : typeof value;
    return (
      <li>
        <span className="json-key">{name}:</span> <span className={`json-${kind}`}>{typeof value === 'string' ? value : toJson(value)}</span>
      </li>
    );
  }
  const size = Object.keys(nested).length;
  return (
    <li>
      <button type="button" className="json-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="json-key">{name}:</span> <span className="muted">{Array.isArray(nested) ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open && <JsonTree value={nested} level={level + 1} />}
    </li>
  );
}
