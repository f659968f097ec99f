// Who may import whom (docs/architecture.md): engine nothing; phone, network, tables and files leaves; stores, senders and
// challenges know engine types only (the ledger also how addresses are keyed); verify and lab compose; http, cli and integrations are edges.
const part = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [`^src/${name}/`, ...allowed.map((a) => `^src/${a}/`)] },
})

const forLab = [
  'engine',
  'tables',
  'files',
  'phone',
  'network',
  'policy',
  'lines',
  'ledger',
  'cluster',
  'send',
  'challenge',
  'tracing',
  'verify',
]

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-is-pure',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/engine/' },
    },
    part('tables', []),
    part('files', []),
    part('phone', ['engine', 'tables']),
    part('network', ['engine', 'tables']),
    part('policy', ['engine']),
    part('lines', ['engine']),
    part('ledger', ['engine', 'files', 'network']),
    part('cluster', ['engine', 'ledger']),
    part('outward', ['network']),
    part('send', ['engine', 'outward', 'tracing']),
    part('tracing', ['engine', 'outward', 'lines', 'ledger', 'send']),
    part('challenge', ['engine']),
    part('verify', [
      'engine',
      'files',
      'phone',
      'network',
      'policy',
      'lines',
      'ledger',
      'cluster',
      'send',
      'challenge',
      'tracing',
    ]),
    part('lab', forLab),
    part('audit', [...forLab, 'lab']),
    part('report', forLab),
    part('demo', [...forLab, 'lab']),
    part('desk', [...forLab, 'outward', 'lab', 'audit', 'report']),
    {
      name: 'edges-are-not-imported',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http|cli|library)/|^src/index\\.ts$' },
      to: { path: '^src/(http|cli|library)/' },
    },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
