import { feedRoute } from '../../_contenuti/feed.ts'

export const GET = feedRoute('document')
