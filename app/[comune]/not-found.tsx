import { requestPath } from '#app/request-path.ts'
import { Shell } from '#components/shell/shell.tsx'

/** Every page of a municipality carries it in its payload: it is no more than a name. */
export default async function NotFound() {
  const [, municipalitySlug = ''] = (await requestPath()).split('/')
  return <Shell part="not-in-municipality" municipalitySlug={municipalitySlug} />
}
