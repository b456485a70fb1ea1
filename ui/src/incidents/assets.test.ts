import { describe, expect, it } from 'vitest';
import type { Alert, Evidence, Incident } from '../api/types';
import { assetsOf } from './assets';

const evidence = (type: string, title: string, verdict = 'unknown') => ({ type, title, verdict }) as Evidence;
const alert = (id: string, ...list: Evidence[]) => ({ id, evidence: list }) as Alert;
const incident = (...alertList: Alert[]) => ({ alertList }) as Incident;

describe('assetsOf', () => {
  it('names each thing once, with the worst verdict and the alerts it is in', () => {
    const assets = assetsOf(incident(alert('1', evidence('file', 'a.exe', 'suspicious'), evidence('file', 'a.exe')), alert('2', evidence('file', 'a.exe', 'malicious'))));
    expect(assets).toHaveLength(1);
    expect(assets[0]).toMatchObject({ alerts: 2, evidence: { verdict: 'malicious' } });
  });
  it('puts devices and users first', () => {
    const assets = assetsOf(incident(alert('1', evidence('process', 'p'), evidence('somethingNew', 'n'), evidence('user', 'u'), evidence('device', 'd'))));
    expect(assets.map((a) => a.evidence.title)).toEqual(['d', 'u', 'p', 'n']);
  });
  it('takes an incident without alerts', () => {
    expect(assetsOf({ alertList: null } as Incident)).toEqual([]);
  });
});
