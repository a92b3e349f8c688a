/**
 * The house rules as code: imports point one way (docs/architecture.md).
 * Each folder may import itself, what its row names, and nothing else of src.
 */
const floors = {
  kernel: [],
  platform: ['kernel'],
  supervisor: ['kernel', 'platform'],
  stall: ['kernel', 'platform'],
  metrics: ['kernel', 'platform'],
  tracing: ['kernel', 'platform', 'metrics'],
  heal: ['kernel', 'platform', 'metrics'],
  watchdog: ['kernel', 'platform', 'metrics', 'heal'],
  alerts: ['kernel', 'platform', 'metrics', 'heal', 'watchdog'],
  resilience: ['kernel', 'platform', 'metrics', 'heal', 'watchdog'],
  'http-client': ['kernel', 'platform', 'metrics', 'heal', 'watchdog', 'resilience'],
  memory: ['kernel', 'platform', 'metrics', 'tracing', 'heal', 'watchdog'],
  simulator: ['kernel', 'platform', 'metrics'],
  gemini: [
    'kernel',
    'platform',
    'metrics',
    'tracing',
    'heal',
    'watchdog',
    'resilience',
    'http-client',
    'memory',
    'simulator',
  ],
  dashboard: ['kernel', 'platform', 'metrics', 'watchdog', 'gemini'],
  'api-docs': ['kernel', 'platform', 'heal', 'alerts', 'dashboard'],
};

const direction = Object.entries(floors).map(([from, allowed]) => ({
  name: `${from}-imports-down-only`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: `^src/(${[from, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...direction,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'enter-modules-by-their-index',
      comment: 'Another module is entered only by its index.ts; kernel and platform are open floors.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: '^src/($1|kernel|platform)/|^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/[^/]+/domain/|^src/kernel/' },
    },
    {
      name: 'kernel-is-pure',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/kernel/' },
    },
    { name: 'sources-do-not-import-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench)/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
