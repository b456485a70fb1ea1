import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatElapsed, formatSeconds, formatShort, formatTime } from './format';
import { productName, spaced } from './Pills';

describe('formatTime', () => {
  it('keeps 100 ns, or fewer digits on request', () => {
    expect(formatTime('2026-03-01T09:08:07.1234560Z', 'utc')).toBe('2026-03-01 09:08:07.123456');
    expect(formatTime('2026-03-01T09:08:07.1Z', 'utc', 3)).toBe('2026-03-01 09:08:07.100');
    expect(formatTime('2026-03-01T09:08:07.1Z', 'utc', 0)).toBe('2026-03-01 09:08:07');
  });
  it('reaches from the first year to the last', () => {
    expect(formatTime('0001-01-01T00:00:00Z', 'utc')).toBe('0001-01-01 00:00:00');
    expect(formatTime('9999-12-31T23:59:59.9999999Z', 'utc')).toBe('9999-12-31 23:59:59.9999999');
  });
  it('leaves alone what is no time', () => {
    expect(formatTime('soon', 'utc')).toBe('soon');
    expect(formatTime(null, 'utc')).toBe('–');
  });
});

describe('amounts', () => {
  it('shortens counts', () => {
    expect([0, 999, 1000, 1500, 123_456, 2_000_000].map(formatShort)).toEqual(['0', '999', '1k', '1.5k', '123k', '2M']);
  });
  it('writes spans as one says them', () => {
    expect([2.44, 59, 90, 7265, 7200, 864_000].map(formatSeconds)).toEqual(['2.4 s', '59 s', '2 min', '2 h 1 min', '2 h', '10 d']);
    expect(formatSeconds(null)).toBe('–');
  });
  it('writes distances from now', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(formatAgo('2026-01-01T23:59:50Z', now)).toBe('just now');
    expect(formatAgo('2026-01-01T23:00:00Z', now)).toBe('1 h ago');
    expect(formatAgo('2026-01-02T00:05:00Z', now)).toBe('just now');
    expect(formatAgo(null, now)).toBe('never');
  });
  it('writes work and sizes', () => {
    expect([83, 1234, 61_000].map(formatElapsed)).toEqual(['83 ms', '1.23 s', '1 min 1 s']);
    expect([10, 1536, 41_943_040].map(formatBytes)).toEqual(['10 B', '1.5 KiB', '40.0 MiB']);
  });
});

describe('enumerations', () => {
  it('are read as words', () => {
    expect(['inProgress', 'ipAddress', 'url', 'InitialAccess', 'New', 'Unwanted software'].map(spaced)).toEqual([
      'In progress',
      'IP address',
      'URL',
      'Initial access',
      'New',
      'Unwanted software',
    ]);
    expect(productName('microsoftDefenderForOffice365')).toBe('Microsoft Defender for Office 365');
    expect(productName('Azure Advanced Threat Protection')).toBe('Microsoft Defender for Identity');
    expect(productName('Microsoft Defender for Endpoint')).toBe('Microsoft Defender for Endpoint');
  });
});
