import type { Evidence, Incident } from '../api/types';

/** Something that an incident's alerts are about, and in how many of them it is. */
export interface Asset {
  evidence: Evidence;
  alerts: number;
}

const weight = (verdict: string) => ['malicious', 'suspicious'].indexOf(verdict.toLowerCase());

/** The different things named in an incident's evidence, each once, with the worst verdict any alert gave it. */
export function assetsOf(incident: Incident): Asset[] {
  const known = new Map<string, Asset & { of: Set<string> }>();
  for (const alert of incident.alertList ?? []) {
    for (const evidence of alert.evidence ?? []) {
      const key = `${evidence.type}\n${evidence.title}`;
      const old = known.get(key);
      if (!old) {
        known.set(key, { evidence, alerts: 1, of: new Set([alert.id]) });
        continue;
      }
      old.of.add(alert.id);
      old.alerts = old.of.size;
      const [mine, best] = [weight(evidence.verdict), weight(old.evidence.verdict)];
      if (mine >= 0 && (best < 0 || mine < best)) old.evidence = evidence;
    }
  }
  const order = ['device', 'user', 'mailbox', 'ip', 'url', 'file', 'process'];
  const rank = (a: Asset) => (order.indexOf(a.evidence.type) + order.length + 1) % (order.length + 1);
  return [...known.values()].sort((a, b) => rank(a) - rank(b) || b.alerts - a.alerts || a.evidence.title.localeCompare(b.evidence.title));
}
