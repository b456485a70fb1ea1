import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type Zone = 'utc' | 'local';

/** What a user chose for this browser. */
export interface Preferences {
  theme: ThemeChoice;
  zone: Zone;
  navCollapsed: boolean;
}

const key = 'vedette.preferences';
const defaults: Preferences = { theme: 'system', zone: 'utc', navCollapsed: false };

/** Reads JSON from local storage; storage that is blocked, full or garbled counts as empty. */
export function readStored<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Writes JSON to local storage if that is possible. */
export function writeStored(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Blocked or full: the choice holds until the page is closed.
  }
}

let current: Preferences = { ...defaults, ...readStored<Partial<Preferences>>(key, {}) };
const listeners = new Set<() => void>();
const darkSystem = matchMedia('(prefers-color-scheme: dark)');

function notify(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

function isDark(): boolean {
  return current.theme === 'dark' || (current.theme === 'system' && darkSystem.matches);
}

darkSystem.addEventListener('change', notify);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  writeStored(key, current);
  notify();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

/** Whether the dark theme is on, by choice or because the system says so. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

export function useZone(): Zone {
  return usePreferences().zone;
}
