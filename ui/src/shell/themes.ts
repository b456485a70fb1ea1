import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';

const fonts = {
  fontFamilyBase: "'Segoe UI Variable Text', 'Segoe UI', 'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'Cascadia Code', Consolas, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace",
  fontFamilyNumeric: "'Segoe UI Variable Text', 'Segoe UI', 'Inter Variable', system-ui, sans-serif",
};

export const lightTheme: Theme = { ...webLightTheme, ...fonts };

export const darkTheme: Theme = {
  ...webDarkTheme,
  ...fonts,
  colorNeutralBackground1: '#1f1f1f',
  colorNeutralBackground2: '#191919',
  colorNeutralBackground3: '#141414',
};
