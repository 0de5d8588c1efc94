export { default as BundlesPage } from './BundlesPage.svelte';
