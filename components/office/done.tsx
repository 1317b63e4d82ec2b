import { Notice } from '#components/ui/notice.tsx'
import { doneInWords } from '#lib/words/done.ts'

/** Says that what the form before this page did is done; nothing when there was none. */
export function Done({
  sentences,
  code,
}: {
  sentences: Readonly<Record<string, string>>
  code: string | string[] | undefined
}) {
  const words = doneInWords(sentences, code)
  if (!words) return null
  return (
    <div className="mb-6 print:hidden">
      <Notice kind="success" live title={words} />
    </div>
  )
}
