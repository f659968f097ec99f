import { PageTitle } from '../../kit'

export const Page = () => <PageTitle title="Sign in" />
