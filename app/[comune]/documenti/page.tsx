import { phrase } from '#lib/words/language.ts'
import { ContentListPage, type ListProps, listMetadata } from '../_contenuti/list-page.tsx'

export const generateMetadata = listMetadata(
  'document',
  phrase('Moduli, tariffe, regolamenti e informative della mensa scolastica.'),
)

export default function Documents(props: ListProps) {
  return (
    <ContentListPage
      kind="document"
      lead={phrase('Moduli, tariffe, regolamenti e informative: puoi leggerli e scaricarli senza accedere.')}
      {...props}
    />
  )
}
