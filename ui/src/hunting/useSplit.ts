import { useCallback, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { readStored, writeStored } from '../shell/preferences';

/** The height of the upper of two panes, set by dragging or with the arrow keys on the bar between, and kept in this browser. */
export function useSplit(name: string, initial: number, least: number) {
  const [height, setHeight] = useState(() => readStored(name, initial));
  const set = useCallback(
    (to: number) => {
      const next = Math.round(Math.max(least, Math.min(innerHeight - 300, to)));
      setHeight(next);
      writeStored(name, next);
    },
    [name, least],
  );
  const bar = {
    role: 'separator' as const,
    tabIndex: 0,
    'aria-orientation': 'horizontal' as const,
    'aria-label': 'Height of the editor',
    'aria-valuenow': height,
    'aria-valuemin': least,
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      event.preventDefault();
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) set(height + event.movementY);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'ArrowUp') set(height - 20);
      else if (event.key === 'ArrowDown') set(height + 20);
      else return;
      event.preventDefault();
    },
  };
  return { height, bar };
}
