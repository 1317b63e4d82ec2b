/** A generator that takes more than this share of the work slows the server that it measures. */
const MOST_GENERATOR_SHARE = 0.05
/** Answers that are shorter than this share of the page that a person gets are another page. */
const LEAST_BYTES_SHARE = 0.9

export type Evidence = {
  /** The generator's part of the processor time; null where the system does not tell. */
  generatorShare: number | null
  requests: number
  failed: number
  bytesPerRequest: number
  /** Bytes of the shortest of some answers, fetched one by one before the run; null for changes. */
  expectedBytes: number | null
  isWarm: boolean
  /** Changes sent beyond those prepared: they would repeat an earlier key and be answered without work. */
  isExhausted: boolean
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Why the figures of an arm do not count; empty for an arm that counts. */
export function reasonsAgainst(evidence: Evidence): string[] {
  const { generatorShare, requests, failed, bytesPerRequest, expectedBytes } = evidence
  const reasons: string[] = []
  if (requests === 0) reasons.push('no request was answered')
  if (generatorShare === null) reasons.push('the CPU of the generator is unknown')
  else if (generatorShare > MOST_GENERATOR_SHARE)
    reasons.push(`the generator took ${percent(generatorShare)} of the CPU`)
  if (failed > 0) reasons.push(`${failed} requests failed`)
  if (expectedBytes !== null && bytesPerRequest < expectedBytes * LEAST_BYTES_SHARE)
    reasons.push(`answers of ${Math.round(bytesPerRequest)} bytes instead of ${Math.round(expectedBytes)}`)
  if (evidence.isExhausted) reasons.push('changes were repeated')
  if (!evidence.isWarm) reasons.push('its last two slices of warming up disagree by more than 5 %')
  return reasons
}
