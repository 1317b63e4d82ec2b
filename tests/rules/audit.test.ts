import { describe, expect, it } from 'vitest'
import { type AuditReport, findingsOf, judgeFindings } from '#scripts/lib/audit.ts'

const url = (id: string) => `https://github.com/advisories/${id}`
type Severity = 'low' | 'moderate' | 'high'

const report = (...advisories: [id: string, name: string, severity: Severity][]): AuditReport => ({
  vulnerabilities: Object.fromEntries(
    advisories.map(([id, name, severity]) => [
      name,
      { via: [{ url: url(id), title: `hole in ${name}`, severity, name }, 'another-package'] },
    ]),
  ),
})

const production = report(['GHSA-mail', 'mailer', 'moderate'], ['GHSA-small', 'colours', 'low'])
const all = report(
  ['GHSA-mail', 'mailer', 'moderate'],
  ['GHSA-small', 'colours', 'low'],
  ['GHSA-test', 'test-tool', 'moderate'],
  ['GHSA-build', 'build-tool', 'high'],
)
const findings = findingsOf({ all, production })
const TODAY = '2026-11-30'

const names = (found: readonly { packageName: string }[]) => found.map(({ packageName }) => packageName)

describe('the audit of dependencies', () => {
  it('refuses what is moderate in production and what is high in development', () => {
    expect(names(judgeFindings(findings, [], TODAY).refused)).toEqual(['mailer', 'build-tool'])
  })

  it('lives with an exempted advisory until its last day, and not longer', () => {
    const exemption = { advisory: url('GHSA-mail'), reason: 'not reached', until: TODAY }
    const today = judgeFindings(findings, [exemption], TODAY)
    expect([names(today.refused), names(today.exempted), today.stale]).toEqual([
      ['build-tool'],
      ['mailer'],
      [],
    ])
    const tomorrow = judgeFindings(findings, [exemption], '2026-12-01')
    expect([names(tomorrow.refused), tomorrow.stale]).toEqual([['mailer', 'build-tool'], [exemption]])
  })

  it('names an exemption that exempts nothing, so that the list stays short', () => {
    const gone = { advisory: url('GHSA-gone'), reason: 'fixed since', until: '2027-01-01' }
    expect(judgeFindings(findings, [gone], TODAY).stale).toEqual([gone])
  })
})
