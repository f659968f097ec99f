import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { NAMES } from '../../src/cli/config-env.js'
import { fileOf, ROOT, tool, yamlOf } from './tool.js'

interface Container {
  ports: { name: string; containerPort: number }[]
  env: { name: string; value: string }[]
  securityContext: object
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[]
  startupProbe: Probe & { periodSeconds: number; failureThreshold: number }
  livenessProbe: Probe
  readinessProbe: Probe
  resources: { requests: object; limits: object }
}
interface Probe {
  httpGet: { path: string; port: string }
}
interface Pod {
  containers: Container[]
  volumes: { name: string; secret?: { defaultMode: number } }[]
  securityContext: object
  enableServiceLinks: boolean
  automountServiceAccountToken: boolean
  terminationGracePeriodSeconds: number
}
interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; labels?: Record<string, string> }
  // biome-ignore lint/suspicious/noExplicitAny: each kind has a specification of its own
  spec: any
}

const FOLDER = join('deploy', 'kubernetes')
const { resources } = yamlOf<{ resources: string[] }>(FOLDER, 'kustomization.yaml')
const written = resources.flatMap((file) =>
  parseAllDocuments(fileOf(FOLDER, file)).map((document) => document.toJS() as Manifest),
)
const oneOf = (kind: string): Manifest => {
  const found = written.filter((manifest) => manifest.kind === kind)
  expect(found, kind).toHaveLength(1)
  return found[0] as Manifest
}
const SELECTED = { 'app.kubernetes.io/component': 'gateway' }

describe('the manifests', () => {
  const pod: Pod = oneOf('Deployment').spec.template.spec
  const [gateway] = pod.containers as [Container]

  it('are all named in the kustomization', () => {
    const files = readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith('.yaml'))
    expect(files.sort()).toEqual([...resources, 'kustomization.yaml'].sort())
  })

  it('run a gateway that may do nothing but its work', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    })
    expect(gateway.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(gateway.resources).toMatchObject({
      requests: { cpu: expect.anything(), memory: expect.anything() },
      limits: { memory: expect.anything() },
    })
    // the image's user, by number
    expect(fileOf('Dockerfile')).toContain('USER 1000:1000')
  })

  it('give it settings that it knows, and secrets as files that are mounted', () => {
    for (const { name, value } of gateway.env) {
      expect(NAMES).toContain(name)
      if (/SECRET|KEY|LEDGER|LINES/.test(name)) expect(name).toMatch(/_FILE$/)
      if (value.startsWith('/'))
        expect(gateway.volumeMounts.some(({ mountPath }) => value.startsWith(mountPath))).toBe(true)
    }
    const volumes = pod.volumes.map(({ name }) => name)
    expect(gateway.volumeMounts.map(({ name }) => name)).toEqual(volumes)
    expect(pod.volumes.find(({ secret }) => secret)?.secret?.defaultMode).toBe(0o440)
    const writable = gateway.volumeMounts.filter(({ readOnly }) => readOnly !== true)
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/tollgate'])
  })

  it('ask whether it lives apart from whether it is ready, on the port it listens on', () => {
    const [port] = gateway.ports
    expect(port?.containerPort).toBe(7700)
    const { startupProbe, livenessProbe, readinessProbe } = gateway
    expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet)).toEqual([
      { path: '/healthz', port: port?.name },
      { path: '/healthz', port: port?.name },
      { path: '/readyz', port: port?.name },
    ])
    // a start reads the log, of much traffic for long: killed in the middle it would begin anew, for ever
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(3_600)
    const [service] = oneOf('Service').spec.ports
    expect(service.targetPort).toBe(port?.name)
    const [rule] = oneOf('Ingress').spec.rules
    expect(rule.http.paths[0].backend.service).toEqual({
      name: oneOf('Service').metadata.name,
      port: { name: service.name },
    })
  })

  it('give requests in flight the time that the gateway gives them', () => {
    const [, ms] = /SHUTDOWN_MS = ([\d_]+)/.exec(fileOf('src', 'cli', 'serve.ts')) ?? []
    const needed = 5 + Number(ms?.replaceAll('_', '')) / 1000
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed)
  })

  it('all mean the same pods', () => {
    const { spec, metadata } = oneOf('Deployment')
    expect(spec.template.metadata.labels).toEqual(SELECTED)
    expect(spec.selector.matchLabels).toEqual(SELECTED)
    expect(oneOf('Service').spec.selector).toEqual(SELECTED)
    expect(oneOf('PodDisruptionBudget').spec.selector.matchLabels).toEqual(SELECTED)
    expect(oneOf('NetworkPolicy').spec.podSelector.matchLabels).toEqual(SELECTED)
    const { scaleTargetRef, minReplicas } = oneOf('HorizontalPodAutoscaler').spec
    expect(scaleTargetRef).toMatchObject({ kind: 'Deployment', name: metadata.name })
    // one may go and one is left
    expect(minReplicas).toBeGreaterThanOrEqual(2)
    expect(spec.replicas).toBeUndefined()
    // while Redis is lost each gives alone what is its share among that many
    const { failure } = yamlOf<{ failure: { gateways: number } }>(FOLDER, 'config', 'tollgate.yaml')
    expect(failure.gateways).toBe(oneOf('HorizontalPodAutoscaler').spec.maxReplicas)
  })

  it('show metrics to who has a key, for the ingress shows every path', () => {
    expect(fileOf(FOLDER, 'config', 'tollgate.yaml')).toContain('openMetrics: false')
    const [endpoint] = yamlOf<Manifest>(FOLDER, 'monitoring', 'service-monitor.yaml').spec.endpoints
    expect(endpoint).toMatchObject({
      path: '/metrics',
      basicAuth: { password: { name: 'tollgate' } },
    })
  })

  it('have the alerts of Prometheus, word for word', () => {
    const rule = yamlOf<Manifest>(FOLDER, 'monitoring', 'prometheus-rule.yaml')
    expect(rule.spec).toEqual(yamlOf('deploy', 'prometheus', 'rules.yaml'))
  })
})

const kubectl = tool('kubectl', false)
describe.skipIf(kubectl.skipped)(`kubectl kustomize${kubectl.why}`, () => {
  const build = (folder: string) =>
    parseAllDocuments(kubectl.run(['kustomize', folder])).map((d) => d.toJS() as Manifest)

  it('builds what was written, the configuration under a name that changes with it', () => {
    const built = build(join(ROOT, FOLDER))
    const kinds = [...written.map(({ kind }) => kind), 'ConfigMap'].sort()
    expect(built.map(({ kind }) => kind).sort()).toEqual(kinds)
    const named = built.find(({ kind }) => kind === 'ConfigMap')?.metadata.name
    expect(named).toMatch(/^tollgate-config-\w+$/)
    const deployment = built.find(({ kind }) => kind === 'Deployment')
    expect(deployment?.spec.template.spec.volumes[0].configMap.name).toBe(named)
    expect(deployment?.spec.template.spec.containers[0].image).toMatch(/\/tollgate:\d/)
    for (const { metadata } of built)
      expect(metadata.labels?.['app.kubernetes.io/name']).toBe('tollgate')
  })
})
