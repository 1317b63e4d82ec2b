import { Icon } from '#components/ui/icon.tsx'
import { filePath, fileSummary } from '#lib/files/file-type.ts'
import { useWords } from '#words'

export type AttachmentLine = { id: string; name: string; title: string; mediaType: string; size: number }

/** Files to download: what it is, of which type and how large, before a reader spends traffic on it. */
export function Attachments({
  municipalitySlug,
  files,
}: {
  municipalitySlug: string
  files: readonly AttachmentLine[]
}) {
  const t = useWords()
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {files.map((file) => (
        <li
          key={file.id}
          data-surface
          className="relative flex items-start gap-3 rounded-lg border border-line bg-white p-4 shadow-low hover:border-primary"
        >
          <Icon name="download" size="lg" className="mt-0.5 text-primary" />
          <span className="min-w-0">
            <a href={filePath(municipalitySlug, file)} lang="it" className="stretched font-semibold">
              {file.title}
            </a>
            <span className="block text-sm text-muted">{fileSummary(file, t)}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
