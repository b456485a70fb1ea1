import { describe, expect, it } from 'vitest';
import type { Schema } from '../api/types';
import { treeRows } from './schemaRows';

const schema: Schema = {
  database: 'Vedette',
  tables: [
    { name: 'DeviceInfo', description: '', columns: [{ name: 'DeviceName', type: 'string' }, { name: 'odd name', type: 'long' }] },
    { name: 'AlertInfo', description: '', columns: [{ name: 'Title', type: 'string' }] },
  ],
  functions: [{ name: 'ago', parameters: null, description: 'Goes back.' }],
};
const texts = (open: string[], search = '') => treeRows(schema, new Set(open), search).map((r) => r.text);

describe('treeRows', () => {
  it('groups tables, and keeps functions closed', () => {
    expect(texts([])).toEqual(['Alerts & incidents', 'AlertInfo', 'Devices', 'DeviceInfo', 'Functions']);
  });
  it('opens what the user opens', () => {
    expect(texts(['table AlertInfo', 'group Devices'])).toEqual(['Alerts & incidents', 'AlertInfo', 'Title', 'Devices', 'Functions']);
  });
  it('shows the columns that a search is about', () => {
    expect(texts([], 'devicen')).toEqual(['Devices', 'DeviceInfo', 'DeviceName']);
    expect(texts([], 'deviceinfo')).toEqual(['Devices', 'DeviceInfo']);
    expect(texts([], 'nothing')).toEqual([]);
  });
  it('writes odd names so that KQL reads them', () => {
    expect(treeRows(schema, new Set(['table DeviceInfo']), '').find((r) => r.text === 'odd name')?.insert).toBe("['odd name']");
  });
});
