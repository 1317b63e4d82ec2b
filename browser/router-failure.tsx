import { FailureDocument } from '#components/shell/failure-document.tsx'

/**
 * Stands in, in the browser, for what Next shows when its router itself fails: a page of two English sentences. A component of
 * its own: Next reports what this one catches as caught by no one.
 */
export default function RouterFailure({ error }: { error: { digest?: string } }) {
  return <FailureDocument error={error} />
}
