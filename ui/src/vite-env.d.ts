/// <reference types="vite/client" />

declare module '@fontsource-variable/inter/wght.css';
declare module 'monaco-editor/esm/vs/editor/edcore.main';
declare module '@kusto/monaco-kusto/release/esm/languageFeatures' {
  /** Asks the language service for errors and underlines them; its one method of interest is private. */
  export const DiagnosticsAdapter: { prototype: { _doValidate: () => void } };
}
