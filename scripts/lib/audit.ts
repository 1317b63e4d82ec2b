const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const
type Severity = (typeof SEVERITIES)[number]
type Scope = 'production' | 'development'

/** An advisory as `npm audit --json` has it. A `via` that is a text names another package of the report. */
type Advisory = { url: string; title: string; severity: Severity; name: string }
export type AuditReport = { vulnerabilities: Record<string, { via: (Advisory | string)[] }> }

/** One advisory against one of our packages. */
export type Finding = {
  advisory: string
  packageName: string
  severity: Severity
  title: string
  scope: Scope
}

/** An advisory that does not reach us, or has no fix yet: why, and the last day on which we say so. */
export type Exemption = { advisory: string; reason: string; until: string }

/** The mildest severity that is refused. Development packages see neither families' data nor strangers' requests. */
const REFUSED_FROM: Record<Scope, Severity> = { production: 'moderate', development: 'high' }

function advisoriesIn({ vulnerabilities }: AuditReport): Map<string, Advisory> {
  const found = new Map<string, Advisory>()
  for (const { via } of Object.values(vulnerabilities)) {
    for (const advisory of via) if (typeof advisory !== 'string') found.set(advisory.url, advisory)
  }
  return found
}

/** Each advisory once, with whether it is against a package that production has. */
export function findingsOf(reports: { all: AuditReport; production: AuditReport }): Finding[] {
  const inProduction = advisoriesIn(reports.production)
  return [...advisoriesIn(reports.all)].map(([advisory, { name, severity, title }]) => ({
    advisory,
    packageName: name,
    severity,
    title,
    scope: inProduction.has(advisory) ? 'production' : 'development',
  }))
}

const isRefused = ({ severity, scope }: Finding): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(REFUSED_FROM[scope])

/** What must be mended, what is exempted today, and the exemptions that have ended or exempt nothing. */
export function judgeFindings(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
  today: string,
): { refused: Finding[]; exempted: Finding[]; stale: Exemption[] } {
  const judged = findings.filter(isRefused)
  const isOf = (finding: Finding, exemption: Exemption) => finding.advisory === exemption.advisory
  const inForce = exemptions.filter(
    (exemption) => exemption.until >= today && judged.some((finding) => isOf(finding, exemption)),
  )
  const isExempt = (finding: Finding) => inForce.some((exemption) => isOf(finding, exemption))
  return {
    refused: judged.filter((finding) => !isExempt(finding)),
    exempted: judged.filter(isExempt),
    stale: exemptions.filter((exemption) => !inForce.includes(exemption)),
  }
}
