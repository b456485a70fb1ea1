import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { api } from '../api/client';
import type { Diagnostic, Schema } from '../api/types';
import { useDark } from '../shell/preferences';
import { monaco, setSchema } from './kusto';
import { markersOf, type Marker } from './markers';
import { splitStatements, statementAt, type Statement } from './statements';

export interface EditorHandle {
  /** What Run would run: the selection, else the query at the cursor. */
  current: () => Statement | null;
  insert: (text: string) => void;
  /** Adds text at the end of the query at the cursor. */
  append: (text: string) => void;
  format: () => void;
  focus: () => void;
  reveal: (line: number, column: number) => void;
}

interface Props {
  ref: Ref<EditorHandle>;
  /** Another id is another document: its text replaces the editor's. */
  id: string;
  text: string;
  schema: Schema | undefined;
  onChange: (text: string) => void;
  onRun: () => void;
  /** Tells which query the cursor is in. */
  onMove: (statement: Statement | null) => void;
}

const owner = 'vedette';
const severities = { error: monaco.MarkerSeverity.Error, warning: monaco.MarkerSeverity.Warning, info: monaco.MarkerSeverity.Info };
const checked = new Map<string, Promise<Diagnostic[]>>();

/** The server's diagnostics of one query; queries that did not change are not sent again. */
function check(query: string): Promise<Diagnostic[]> {
  let known = checked.get(query);
  if (!known) {
    if (checked.size > 300) checked.clear();
    known = api.check(query).then((r) => r.diagnostics ?? []);
    // A failed check is no verdict on the query: ask again next time.
    known.catch(() => checked.delete(query));
    checked.set(query, known);
  }
  return known;
}

export default function Editor({ ref, id, text, schema, onChange, onRun, onMove }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(undefined);
  const handlers = useRef({ onChange, onRun, onMove });
  handlers.current = { onChange, onRun, onMove };
  const dark = useDark();

  const current = (): Statement | null => {
    const e = editor.current;
    const model = e?.getModel();
    const selection = e?.getSelection();
    if (!e || !model || !selection) return null;
    if (!selection.isEmpty()) {
      const chosen = model.getValueInRange(selection);
      if (chosen.trim() !== '') {
        const from = model.getOffsetAt(selection.getStartPosition());
        return { text: chosen, start: from, end: from + chosen.length, line: selection.startLineNumber, column: selection.startColumn };
      }
    }
    return statementAt(model.getValue(), model.getOffsetAt(selection.getPosition()));
  };

  useEffect(() => {
    const model = monaco.editor.createModel('', 'kusto');
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    const mine = monaco.editor.create(host.current!, {
      model,
      automaticLayout: true,
      minimap: { enabled: false },
      fontSize: 13,
      lineHeight: 19,
      fontFamily: "'Cascadia Code', Consolas, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace",
      scrollBeyondLastLine: false,
      renderLineHighlight: 'line',
      lineNumbersMinChars: 3,
      glyphMargin: false,
      overviewRulerBorder: false,
      folding: true,
      tabSize: 4,
      wordWrap: 'off',
      padding: { top: 8, bottom: 8 },
      fixedOverflowWidgets: true,
      suggest: { showWords: false, preview: false },
      suggestSelection: 'first',
      quickSuggestions: { other: true, comments: false, strings: false },
      ariaLabel: 'KQL query. Shift and Enter runs it. Control and M lets Tab leave the editor.',
      bracketPairColorization: { enabled: false },
      unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true },
      contextmenu: true,
      stickyScroll: { enabled: false },
    });
    editor.current = mine;
    mine.addCommand(monaco.KeyMod.Shift | monaco.KeyCode.Enter, () => handlers.current.onRun());
    mine.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => handlers.current.onRun());

    let timer: ReturnType<typeof setTimeout> | undefined;
    let markers: Marker[] = [];
    const checkAll = async () => {
      const version = model.getVersionId();
      const statements = splitStatements(model.getValue()).slice(0, 30);
      const answers = await Promise.allSettled(statements.map((s) => check(s.text)));
      if (model.isDisposed() || model.getVersionId() !== version) return;
      markers = answers.flatMap((a, i) => (a.status === 'fulfilled' ? markersOf(a.value, statements[i]!) : []));
      monaco.editor.setModelMarkers(
        model,
        owner,
        markers.map((m) => ({ ...m, severity: severities[m.severity] })),
      );
    };
    const subscriptions = [
      model.onDidChangeContent(() => {
        handlers.current.onChange(model.getValue());
        clearTimeout(timer);
        timer = setTimeout(() => void checkAll(), 350);
      }),
      mine.onDidChangeCursorSelection(() => handlers.current.onMove(current())),
      registerFixes(model, () => markers),
    ];
    return () => {
      clearTimeout(timer);
      for (const s of subscriptions) s.dispose();
      mine.dispose();
      model.dispose();
    };
  }, []);

  useEffect(() => {
    monaco.editor.setTheme(dark ? 'vedette-dark' : 'vedette-light');
  }, [dark]);

  useEffect(() => {
    const uri = editor.current?.getModel()?.uri;
    if (schema && uri) setSchema(schema, uri).catch((err: unknown) => console.error('The language service did not take the schema.', err));
  }, [schema]);

  // The editor owns its text; it is replaced only when another document is opened or the document was changed from outside.
  useEffect(() => {
    const model = editor.current?.getModel();
    if (model && model.getValue() !== text) {
      model.setValue(text);
      handlers.current.onMove(current());
    }
  }, [id, text]);

  useImperativeHandle(ref, () => ({
    current,
    insert: (what) => {
      const e = editor.current;
      const selection = e?.getSelection();
      if (!e || !selection) return;
      e.executeEdits('insert', [{ range: selection, text: what, forceMoveMarkers: true }]);
      e.focus();
    },
    append: (what) => {
      const e = editor.current;
      const model = e?.getModel();
      const selection = e?.getSelection();
      if (!e || !model || !selection) return;
      const s = statementAt(model.getValue(), model.getOffsetAt(selection.getPosition()));
      const body = s ? s.text.replace(/\s*(\|\s*render\b[^|]*)?$/, '') : '';
      const at = model.getPositionAt(s ? s.start + body.length : model.getValueLength());
      e.executeEdits('append', [{ range: monaco.Range.fromPositions(at), text: (s ? '\n' : '') + what, forceMoveMarkers: true }]);
      e.focus();
    },
    format: () => void editor.current?.getAction('editor.action.formatDocument')?.run(),
    focus: () => editor.current?.focus(),
    reveal: (line, column) => {
      const e = editor.current;
      e?.setPosition({ lineNumber: line, column });
      e?.revealLineInCenterIfOutsideViewport(line);
      e?.focus();
    },
  }));

  return <div ref={host} className="editor" data-testid="editor" />;
}

/** Offers the server's suggestion for a mistake as a quick fix. */
function registerFixes(model: monaco.editor.ITextModel, markers: () => Marker[]): monaco.IDisposable {
  return monaco.languages.registerCodeActionProvider('kusto', {
    provideCodeActions: (target, range) => ({
      actions: (target === model ? markers() : []).flatMap((m) =>
        m.suggestion && monaco.Range.areIntersectingOrTouching(m, range)
          ? [
              {
                title: `Change to ${m.suggestion}`,
                kind: 'quickfix',
                isPreferred: true,
                edit: { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit: { range: m, text: m.suggestion } }] },
              },
            ]
          : [],
      ),
      dispose: () => undefined,
    }),
  });
}
