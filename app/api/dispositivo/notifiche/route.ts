export { handleRenewal as POST } from '#lib/notifications/renewal-handler.ts'
