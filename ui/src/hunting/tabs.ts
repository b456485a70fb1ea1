import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../shell/preferences';
import { forgetRun } from './runs';
import type { TimeRange } from './timeRange';

/** A query being worked on. Tabs are kept in this browser. */
export interface QueryTab {
  id: string;
  title: string;
  text: string;
  range: TimeRange;
}

interface Tabs {
  list: QueryTab[];
  active: string;
}

const key = 'vedette.tabs';
const defaultRange: TimeRange = { kind: 'last', span: '14d' };

function fresh(number: number, text = '', range = defaultRange): QueryTab {
  return { id: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`, title: `Query ${number}`, text, range };
}

function load(): Tabs {
  const stored = readStored<Partial<Tabs>>(key, {});
  const list = (stored.list ?? []).filter((t) => typeof t?.id === 'string' && typeof t.text === 'string' && typeof t.range?.kind === 'string');
  if (list.length === 0) list.push(fresh(1));
  return { list, active: list.some((t) => t.id === stored.active) ? stored.active! : list[0]!.id };
}

let tabs = load();
const listeners = new Set<() => void>();

function set(next: Tabs): void {
  tabs = next;
  writeStored(key, tabs);
  for (const listener of listeners) listener();
}

export function useTabs(): Tabs {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tabs,
  );
}

export const activeTab = () => tabs.list.find((t) => t.id === tabs.active)!;

export function selectTab(id: string): void {
  set({ ...tabs, active: id });
}

export function changeTab(id: string, change: Partial<QueryTab>): void {
  set({ ...tabs, list: tabs.list.map((t) => (t.id === id ? { ...t, ...change } : t)) });
}

/** Opens a query: in the tab at hand if that is empty, in one that has just this text, else in a new one. */
export function openQuery(text: string, range?: TimeRange, title?: string): QueryTab {
  const same = tabs.list.find((t) => t.text === text);
  if (same) {
    if (range) changeTab(same.id, { range });
    selectTab(same.id);
    return activeTab();
  }
  const now = activeTab();
  if (now.text.trim() === '') {
    changeTab(now.id, { text, ...(range && { range }), ...(title && { title }) });
    return activeTab();
  }
  const numbers = tabs.list.map((t) => Number(/^Query (\d+)$/.exec(t.title)?.[1] ?? 0));
  const tab = { ...fresh(Math.max(0, ...numbers) + 1, text, range), ...(title && { title }) };
  set({ list: [...tabs.list, tab], active: tab.id });
  return tab;
}

export function newTab(): void {
  const numbers = tabs.list.map((t) => Number(/^Query (\d+)$/.exec(t.title)?.[1] ?? 0));
  const tab = fresh(Math.max(0, ...numbers) + 1);
  set({ list: [...tabs.list, tab], active: tab.id });
}

export function closeTab(id: string): void {
  forgetRun(id);
  const at = tabs.list.findIndex((t) => t.id === id);
  const list = tabs.list.filter((t) => t.id !== id);
  if (list.length === 0) list.push(fresh(1));
  const active = tabs.active === id ? list[Math.min(at, list.length - 1)]!.id : tabs.active;
  set({ list, active });
}
