import 'monaco-editor/esm/vs/editor/edcore.main';
import '@kusto/monaco-kusto/release/esm/monaco.contribution';
import { getKustoWorker, kustoDefaults, type EngineSchema } from '@kusto/monaco-kusto/release/esm/monaco.contribution';
import KustoWorker from '@kusto/monaco-kusto/release/esm/kusto.worker?worker';
import { DiagnosticsAdapter } from '@kusto/monaco-kusto/release/esm/languageFeatures';
import * as monaco from 'monaco-editor/esm/vs/editor/editor.api';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker?worker';
import type { Schema } from '../api/types';

self.MonacoEnvironment = { getWorker: (_, label) => (label === 'kusto' ? new KustoWorker() : new EditorWorker()) };

// What is right and wrong in a query is for the server to say, which will run it: Microsoft's parser has its say in
// completion, colours and hover, but not in the underlines.
DiagnosticsAdapter.prototype._doValidate = () => undefined;

kustoDefaults.setLanguageSettings({
  ...kustoDefaults.languageSettings,
  includeControlCommands: false,
  useTokenColorization: true,
  useSemanticColorization: true,
  openSuggestionDialogAfterPreviousSuggestionAccepted: true,
  enableQueryWarnings: false,
  enableQuerySuggestions: false,
  enableQuickFixes: false,
});

const shared = { 'editor.lineHighlightBorder': '#00000000' };
monaco.editor.defineTheme('vedette-light', {
  base: 'vs',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '107c10' },
    { token: 'string', foreground: 'a31515' },
    { token: 'keyword', foreground: '0f4fbd' },
    { token: 'number', foreground: '09785c' },
    { token: 'operator.sql', foreground: 'b5400a' },
  ],
  colors: { ...shared, 'editor.background': '#ffffff', 'editor.lineHighlightBackground': '#f5f8fc' },
});
monaco.editor.defineTheme('vedette-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [
    { token: 'comment', foreground: '7cb668' },
    { token: 'string', foreground: 'e0a080' },
    { token: 'keyword', foreground: '79b8ff' },
    { token: 'number', foreground: 'b5cea8' },
    { token: 'operator.sql', foreground: 'ffab70' },
  ],
  colors: { ...shared, 'editor.background': '#1f1f1f', 'editor.lineHighlightBackground': '#262b31' },
});

/** Tells the language service which tables, columns and functions there are. */
export async function setSchema(schema: Schema, uri: monaco.Uri): Promise<void> {
  const database = {
    name: schema.database,
    majorVersion: 1,
    minorVersion: 0,
    entityGroups: [],
    tables: schema.tables.map((t) => ({
      name: t.name,
      docstring: t.description,
      entityType: 'Table' as const,
      columns: t.columns.map((c) => ({ name: c.name, type: c.type, docstring: c.description })),
    })),
    functions: schema.functions
      .filter((f) => f.body !== undefined)
      .map((f) => ({
        name: f.name,
        body: f.body!,
        docstring: f.description,
        inputParameters: (f.parameters ?? []).map((p) => ({ name: p.name, cslType: p.type, type: p.type })),
      })),
  };
  const engine: EngineSchema = {
    clusterType: 'Engine',
    cluster: { connectionString: 'https://vedette', databases: [database] },
    database,
  };
  const worker = await (await getKustoWorker())(uri);
  await worker.setSchema(engine);
}

export { monaco };
