import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const text = (file: string): string => readFileSync(file, 'utf8')

type Manifest = { version: string; license: string; devDependencies: Record<string, string> }
const manifest = JSON.parse(text('package.json')) as Manifest
const lock = JSON.parse(text('package-lock.json')) as { version: string; packages: { '': Manifest } }

const day = z.iso.date()
const webAddress = z.url({ protocol: /^https?$/ })
const languageTag = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
const ownFile = z.string().refine(existsSync, 'there is no such file in the repository')

const CATEGORIES = [
  'accounting',
  'billing-and-invoicing',
  'communications',
  'content-management',
  'digital-citizenship',
  'online-booking',
  'survey',
  'other',
] as const

const contact = z.strictObject({
  name: z.string().min(1),
  email: z.email().optional(),
  phone: z.string().optional(),
  affiliation: z.string().optional(),
})

const contractor = z.strictObject({
  name: z.string().min(1),
  until: day,
  email: z.email().optional(),
  website: webAddress.optional(),
})

const dependency = z.strictObject({
  name: z.string().min(1),
  version: z.string().optional(),
  versionMin: z.string().optional(),
  versionMax: z.string().optional(),
  optional: z.boolean().optional(),
})

const description = z.strictObject({
  localisedName: z.string().optional(),
  shortDescription: z.string().min(1).max(150),
  longDescription: z.string().min(150).max(10_000),
  documentation: webAddress.optional(),
  features: z.array(z.string().min(1)).min(1),
  screenshots: z.array(ownFile).optional(),
})

/** Who answers must be named where a person maintains the software, and a contract names its end. */
const maintenance = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none'), contacts: z.array(contact).optional() }),
  z.strictObject({ type: z.literal(['internal', 'community']), contacts: z.array(contact).min(1) }),
  z.strictObject({
    type: z.literal('contract'),
    contractors: z.array(contractor).min(1),
    contacts: z.array(contact).optional(),
  }),
])

/** The standard, version 0.5, as its documentation describes it: the keys that we use, and no other. */
const PUBLICCODE = z.strictObject({
  publiccodeYmlVersion: z.literal('0.5'),
  name: z.string().min(1),
  url: webAddress,
  landingURL: webAddress.optional(),
  softwareVersion: z.string(),
  releaseDate: day,
  logo: ownFile.optional(),
  platforms: z.array(z.enum(['web', 'windows', 'mac', 'linux', 'ios', 'android'])).min(1),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  usedBy: z.array(z.string()).optional(),
  developmentStatus: z.enum(['concept', 'development', 'beta', 'stable', 'obsolete']),
  softwareType: z.literal('standalone/web'),
  intendedAudience: z.strictObject({
    countries: z.array(z.string().regex(/^[A-Z]{2}$/)),
    scope: z.array(z.enum(['education', 'local-authorities', 'welfare', 'society'])),
  }),
  organisation: z.strictObject({ uri: z.url(), name: z.string().optional() }).optional(),
  description: z.record(languageTag, description).refine((languages) => 'it' in languages),
  legal: z.strictObject({ license: z.literal('EUPL-1.2'), mainCopyrightOwner: z.string().optional() }),
  maintenance,
  localisation: z.strictObject({
    localisationReady: z.boolean(),
    availableLanguages: z.array(languageTag).min(1),
  }),
  dependsOn: z.strictObject({ open: z.array(dependency) }),
  IT: z.strictObject({
    countryExtensionVersion: z.literal('1.0'),
    piattaforme: z.record(z.enum(['spid', 'cie', 'anpr', 'pagopa', 'io']), z.boolean()),
  }),
})

const publiccode: unknown = parse(text('publiccode.yml'))

describe('the repository', () => {
  it('carries the files that a public project is expected to have', () => {
    const expected = [
      '.editorconfig',
      '.nvmrc',
      'CHANGELOG.md',
      'CODE_OF_CONDUCT.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'publiccode.yml',
    ]
    expect(expected.filter((file) => !existsSync(file))).toEqual([])
  })

  it('carries the whole text of the licence that it names', () => {
    const licence = text('LICENSE')
    expect(licence).toMatch(/^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/)
    expect([...licence.matchAll(/^(\d+)\.[A-Z]/gm)].map(([, article]) => Number(article))).toEqual(
      Array.from({ length: 15 }, (_, index) => index + 1),
    )
    expect(licence).toContain('The Licensor hereby grants You a worldwide, royalty-free, non-exclusive')
    expect(licence).toMatch(/require the production of a new EUPL version\.\n$/)
    expect([manifest.license, lock.packages[''].license]).toEqual(['EUPL-1.2', 'EUPL-1.2'])
  })

  it('has one version, in the manifest, the lock file, the catalogue entry and the newest release of the changelog', () => {
    const entry = PUBLICCODE.parse(publiccode)
    const [, version, date] = text('CHANGELOG.md').match(/^## \[(\d+\.\d+\.\d+)\] - (\S+)$/m) ?? []
    expect([lock.version, lock.packages[''].version, entry.softwareVersion, version]).toEqual(
      Array(4).fill(manifest.version),
    )
    expect(entry.releaseDate).toBe(date)
  })

  it('names the Node that it installs to the tools that bring their own', () => {
    expect(text('.nvmrc').trim()).toBe(manifest.devDependencies.node)
  })

  it('sends whoever found a weakness to the address that the portal answers', () => {
    expect(text('SECURITY.md')).toContain('/.well-known/security.txt')
    expect(existsSync('app/.well-known/security.txt/route.ts')).toBe(true)
  })
})

describe('the catalogue entry', () => {
  it('is valid by the standard', () => {
    expect(PUBLICCODE.safeParse(publiccode).error?.issues).toBeUndefined()
  })

  it.each([
    ['a key that the standard does not know', { homepage: 'https://example.org' }],
    ['an address that is none', { url: 'refettorio' }],
    ['a maintainer without a contact', { maintenance: { type: 'internal' } }],
    ['a screenshot that is not there', { logo: 'docs/nowhere.svg' }],
    ['a day that is none', { releaseDate: '2026-02-30' }],
  ])('would not be valid with %s', (_what, change) => {
    expect(PUBLICCODE.safeParse({ ...(publiccode as object), ...change }).success).toBe(false)
  })
})

describe('the hosted gate', () => {
  const WORKFLOW = z.object({
    on: z.object({ push: z.object({ branches: z.array(z.string()) }), pull_request: z.null() }),
    permissions: z.strictObject({ contents: z.literal('read') }),
    jobs: z.record(
      z.string(),
      z.object({ steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })) }),
    ),
  })

  it('runs the command of the local gate, and nothing of its own', () => {
    const { jobs, on } = WORKFLOW.parse(parse(text('.github/workflows/ci.yml')))
    const steps = Object.values(jobs).flatMap((job) => job.steps)
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['bash .ci/run'])
    expect(
      steps.flatMap(({ uses }) => uses ?? []).filter((uses) => !/^actions\/[\w-]+@v\d+$/.test(uses)),
    ).toEqual([])
    expect(on.push.branches).toEqual(['main'])
    expect(text('.ci/run')).toContain('npm ci')
  })
})
