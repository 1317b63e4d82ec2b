import { ContentListPage, type ListProps, listMetadata } from '../_contenuti/list-page.tsx'

export const generateMetadata = listMetadata('news', 'Avvisi, novità e comunicati sulla mensa scolastica.')

export default function News(props: ListProps) {
  return (
    <ContentListPage kind="news" lead="Avvisi, novità e comunicati sulla mensa delle scuole." {...props} />
  )
}
