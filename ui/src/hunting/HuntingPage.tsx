import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, Spinner, Tooltip } from '@fluentui/react-components';
import { AddRegular, BookOpenRegular, DismissRegular, PanelLeftExpandRegular, PlayFilled, StopRegular, TextIndentIncreaseLtrRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { CopyButton } from '../parts/Basics';
import { readStored, writeStored } from '../shell/preferences';
import { navigate, useAddress } from '../shell/router';
import { useResource } from '../shell/useResource';
import { readLink, shareLink } from './deeplink';
import type { EditorHandle } from './Editor';
import { addHistory } from './history';
import { Results } from './Results';
import { cancelRun, startRun, useRun } from './runs';
import { samples } from './samples';
import { SchemaTree } from './SchemaTree';
import type { Statement } from './statements';
import { activeTab, changeTab, closeTab, newTab, openQuery, selectTab, useTabs } from './tabs';
import { TimePicker } from './TimePicker';
import { setsOwnTime, timespanOf } from './timeRange';
import { useSplit } from './useSplit';

const Editor = lazy(() => import('./Editor'));

/** Runs a query in the tab at hand. */
function run(statement: Statement | null): void {
  if (!statement || statement.text.trim() === '') return;
  const tab = activeTab();
  void startRun(tab.id, statement, timespanOf(tab.range, statement.text, new Date()), (ended) => {
    if (ended.status === 'running') return;
    const rows = ended.tables.reduce((sum, t) => sum + t.rows.length, 0);
    addHistory({ text: statement.text, at: ended.startedAt, status: ended.status, rows, elapsedMs: ended.elapsedMs });
  });
}

/** The query that a link brought is opened and run; the address is then cleared, for what is in the editor may change. */
function useLink(params: URLSearchParams): string | null {
  const [broken, setBroken] = useState<string | null>(null);
  const text = params.toString();
  useEffect(() => {
    if (text === '') return;
    readLink(new URLSearchParams(text)).then(
      (hunt) => {
        if (!hunt) return;
        const tab = openQuery(hunt.query, hunt.range);
        navigate('/hunting', { replace: true });
        setBroken(null);
        run({ text: tab.text, start: 0, end: tab.text.length, line: 1, column: 1 });
      },
      () => setBroken('The query in this link cannot be read. It was probably cut short on its way: ask for it again.'),
    );
  }, [text]);
  return broken;
}

export function HuntingPage() {
  const { params } = useAddress();
  const broken = useLink(params);
  const { list, active } = useTabs();
  const tab = list.find((t) => t.id === active)!;
  const result = useRun(tab.id);
  const schema = useResource(api.schema);
  const editor = useRef<EditorHandle>(null);
  const [own, setOwn] = useState(() => setsOwnTime(tab.text));
  const [tree, setTree] = useState(() => readStored('vedette.schema.open', true));
  const { height, bar } = useSplit('vedette.editor.height', 252, 90);
  const running = result?.status === 'running';

  const onMove = useCallback((s: Statement | null) => setOwn(s !== null && setsOwnTime(s.text)), []);
  const onRun = useCallback(() => run(editor.current?.current() ?? null), []);
  const showTree = (on: boolean) => {
    setTree(on);
    writeStored('vedette.schema.open', on);
  };

  return (
    <div className="page hunting">
      <h1 className="visually-hidden">Hunting</h1>
      {tree && (
        <SchemaTree
          schema={schema.data}
          error={schema.error}
          reload={schema.reload}
          onInsert={(text) => editor.current?.insert(text)}
          onCollapse={() => showTree(false)}
        />
      )}
      <div className="hunting-main">
        <Tabs onShowTree={tree ? undefined : () => showTree(true)} />
        <div className="hunting-bar" role="toolbar" aria-label="Query">
          <Tooltip content="Run the selection, or the query at the cursor (Shift+Enter)" relationship="description">
            <Button size="small" appearance="primary" icon={<PlayFilled />} onClick={onRun}>
              Run query
            </Button>
          </Tooltip>
          <Tooltip content="Cancel the query" relationship="label">
            <Button size="small" appearance="subtle" icon={<StopRegular />} disabled={!running} onClick={() => cancelRun(tab.id)} />
          </Tooltip>
          <TimePicker key={tab.id} range={tab.range} own={own} onChange={(range) => changeTab(tab.id, { range })} />
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button size="small" appearance="subtle" icon={<BookOpenRegular />}>
                Samples
              </Button>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                {samples.map((s) => (
                  <MenuItem key={s.title} onClick={() => openQuery(s.text, s.range, s.title)}>
                    {s.title}
                  </MenuItem>
                ))}
              </MenuList>
            </MenuPopover>
          </Menu>
          <Button size="small" appearance="subtle" icon={<TextIndentIncreaseLtrRegular />} onClick={() => editor.current?.format()}>
            Format
          </Button>
          <span className="grow" />
          <CopyButton label="Copy a link to this query" text={() => shareLink({ query: editor.current?.current()?.text ?? tab.text, range: own ? { kind: 'query' } : tab.range })}>
            Copy link
          </CopyButton>
        </div>
        {broken && (
          <MessageBar intent="error">
            <MessageBarBody>{broken}</MessageBarBody>
          </MessageBar>
        )}
        <div className="editor-pane" style={{ height }}>
          <Suspense fallback={<Spinner size="small" className="editor-spinner" label="Loading the editor" />}>
            <Editor ref={editor} id={tab.id} text={tab.text} schema={schema.data} onChange={(text) => changeTab(activeTab().id, { text })} onRun={onRun} onMove={onMove} />
          </Suspense>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div className="splitter" {...bar} />
        <Results
          run={result}
          onCancel={() => cancelRun(tab.id)}
          onReveal={(line, column) => editor.current?.reveal(line, column)}
          onNarrow={(condition) => editor.current?.append(condition)}
          onOpenQuery={(text) => openQuery(text)}
        />
      </div>
    </div>
  );
}

function Tabs({ onShowTree }: { onShowTree: (() => void) | undefined }) {
  const { list, active } = useTabs();
  return (
    <div className="query-tabs">
      {onShowTree && (
        <Tooltip content="Show the schema" relationship="label">
          <Button size="small" appearance="subtle" icon={<PanelLeftExpandRegular />} onClick={onShowTree} />
        </Tooltip>
      )}
      <div role="tablist" aria-label="Queries" className="query-tab-list">
        {list.map((t) => (
          <div key={t.id} className={t.id === active ? 'query-tab query-tab-active' : 'query-tab'}>
            <button type="button" role="tab" aria-selected={t.id === active} className="query-tab-name clip" title={t.title} onClick={() => selectTab(t.id)}>
              {t.title}
            </button>
            {list.length > 1 && (
              <button type="button" className="query-tab-close" aria-label={`Close ${t.title}`} onClick={() => closeTab(t.id)}>
                <DismissRegular />
              </button>
            )}
          </div>
        ))}
      </div>
      <Tooltip content="New query" relationship="label">
        <Button size="small" appearance="subtle" icon={<AddRegular />} onClick={newTab} />
      </Tooltip>
    </div>
  );
}
