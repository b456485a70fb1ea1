import type { Schema } from '../api/types';

/** One visible line of the schema tree. */
export interface TreeRow {
  id: string;
  kind: 'group' | 'table' | 'column' | 'function';
  level: number;
  text: string;
  note?: string;
  description?: string;
  /** What a double click writes into the query. */
  insert?: string;
  expandable: boolean;
  expanded: boolean;
}

/** Tables belong together by what their names begin with, as Defender's own schema pane groups them. */
const groups: [string, RegExp][] = [
  ['Alerts & incidents', /^(Alert|Security|Behavior)/],
  ['Devices', /^Device(?!Tvm|Baseline)/],
  ['Email & collaboration', /^(Email|Url|Message|File(Malicious|Detection))/],
  ['Apps & identities', /^(Identity|CloudApp|AAD|Entra|Graph|OAuth|Signin|NonInteractive|Office|Audit)/],
  ['Vulnerability management', /^Device(Tvm|Baseline)/],
  ['Exposure & cloud', /^(Exposure|Cloud)/],
  ['Vedette', /^(Vedette|Refused|Ingest)/],
];

const groupOf = (name: string) => groups.find(([, pattern]) => pattern.test(name))?.[0] ?? 'Other tables';

/** The lines to show: everything that matches a search is opened up; without one, what the user opened. */
export function treeRows(schema: Schema, open: ReadonlySet<string>, search: string): TreeRow[] {
  const wanted = search.trim().toLowerCase();
  const rows: TreeRow[] = [];
  const by = new Map<string, TreeRow[]>();
  for (const table of schema.tables.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const named = table.name.toLowerCase().includes(wanted);
    const columns = wanted && !named ? table.columns.filter((c) => c.name.toLowerCase().includes(wanted)) : table.columns;
    if (wanted && !named && columns.length === 0) continue;
    const group = groupOf(table.name);
    const id = `table ${table.name}`;
    const expanded = open.has(id) !== (wanted !== '' && !named);
    const lines = by.get(group) ?? [];
    by.set(group, lines);
    lines.push({ id, kind: 'table', level: 1, text: table.name, description: table.description, insert: table.name, expandable: true, expanded });
    if (!expanded) continue;
    for (const c of columns) {
      lines.push({
        id: `column ${table.name} ${c.name}`,
        kind: 'column',
        level: 2,
        text: c.name,
        note: c.type,
        description: c.description,
        insert: /^[A-Za-z_]\w*$/.test(c.name) ? c.name : `['${c.name}']`,
        expandable: false,
        expanded: false,
      });
    }
  }
  // Operators such as < and == are functions to the server, not to someone who looks for one.
  const functions = schema.functions
    .filter((f) => /^[A-Za-z_]\w*$/.test(f.name) && f.name.toLowerCase().includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  by.set(
    'Functions',
    functions.map((f) => ({
      id: `function ${f.name}`,
      kind: 'function',
      level: 1,
      text: f.name,
      description: `${f.name}(${(f.parameters ?? []).map((p) => `${p.name}: ${p.type}`).join(', ')})\n${f.description}`,
      insert: `${f.name}(`,
      expandable: false,
      expanded: false,
    })),
  );
  for (const name of [...groups.map(([g]) => g), 'Other tables', 'Functions']) {
    const lines = by.get(name);
    if (!lines || lines.length === 0) continue;
    const id = `group ${name}`;
    // Functions are many and known; tables are what one looks for.
    const expanded = wanted !== '' ? !open.has(id) : open.has(id) !== (name !== 'Functions');
    const count = lines.filter((l) => l.level === 1).length;
    rows.push({ id, kind: 'group', level: 0, text: name, note: String(count), expandable: true, expanded });
    if (expanded) rows.push(...lines);
  }
  return rows;
}
