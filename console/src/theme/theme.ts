import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core'

/** The one accent; white on shade 6 (light) and 5 (dark) has a contrast of 6.3 and 4.8. */
const accent: MantineColorsTuple = [
  '#eaf2fb',
  '#d3e3f5',
  '#a9c8ec',
  '#8bb8ee',
  '#6fa8e8',
  '#2f74c0',
  '#1f5fa8',
  '#1a5090',
  '#154178',
  '#10325d',
]
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f0f2f5',
  '#e6e9ee',
  '#dce1e7',
  '#c6cdd6',
  '#8c96a3',
  '#5f6a78',
  '#44505e',
  '#2b3644',
  '#17202c',
]
const dark: MantineColorsTuple = [
  '#e8ecf1',
  '#c3ccd6',
  '#a3aebb',
  '#6b7786',
  '#36404d',
  '#2a323d',
  '#1f2630',
  '#171c23',
  '#12171d',
  '#0f1318',
]

export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent, gray, dark },
  black: '#17202c',
  defaultRadius: 'sm',
  // what is installed where the page is read: no font comes over the network
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.75rem' },
      h2: { fontSize: '1rem', lineHeight: '1.5rem' },
      h3: { fontSize: '0.875rem', lineHeight: '1.25rem' },
    },
  },
  respectReducedMotion: true,
  components: {
    // its first item has the focus, as menus of a keyboard do; the placeholder is nothing that a screen reader may meet in one
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, multiline: true, maw: 320 } },
  },
})

/**
 * Colours with a meaning. Text colours have a contrast of at least 4.5 on page and card (WCAG 2.2 AA). `--tg-<tone>` is
 * for text and marks, `--tg-<tone>-soft` for the ground under it.
 */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55606e',
    '--mantine-color-placeholder': '#6b7684',
    '--tg-page': '#f5f6f8',
    '--tg-card': '#ffffff',
    '--tg-sunk': '#f0f2f5',
    '--tg-line': '#dce1e7',
    '--tg-ink': '#17202c',
    '--tg-soft': '#55606e',
    '--tg-accent': '#1f5fa8',
    '--tg-good': '#18704b',
    '--tg-good-soft': '#e3f3eb',
    '--tg-warn': '#8a5200',
    '--tg-warn-soft': '#fdf0d9',
    '--tg-hold': '#6a3fb0',
    '--tg-hold-soft': '#f0eafa',
    '--tg-bad': '#b3261e',
    '--tg-bad-soft': '#fce9e7',
    '--tg-plain': '#44505e',
    '--tg-plain-soft': '#e9ecf0',
    '--tg-rest': '#b9c1cb',
    '--tg-heat1': '#f6e3d3',
    '--tg-heat2': '#f09063',
    '--tg-heat3': '#94170f',
  },
  dark: {
    '--mantine-color-dimmed': '#a3aebb',
    '--mantine-color-placeholder': '#8b96a4',
    '--tg-page': '#0f1318',
    '--tg-card': '#171c23',
    '--tg-sunk': '#1f2630',
    '--tg-line': '#2d3642',
    '--tg-ink': '#e8ecf1',
    '--tg-soft': '#a3aebb',
    '--tg-accent': '#82b6f0',
    '--tg-good': '#56c596',
    '--tg-good-soft': '#15332a',
    '--tg-warn': '#f0b45c',
    '--tg-warn-soft': '#3a2c14',
    '--tg-hold': '#b99af0',
    '--tg-hold-soft': '#2c2445',
    '--tg-bad': '#ff8478',
    '--tg-bad-soft': '#421f1d',
    '--tg-plain': '#c3ccd6',
    '--tg-plain-soft': '#2a323d',
    '--tg-rest': '#4c5866',
    '--tg-heat1': '#3f3230',
    '--tg-heat2': '#b0583f',
    '--tg-heat3': '#ff8f7a',
  },
})
