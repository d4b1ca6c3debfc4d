export * from './compose.ts'
export * from './mail.ts'
export * from './mailer.ts'
export { MailNotSent } from './smtp-mailer.ts'
