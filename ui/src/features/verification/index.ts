export { default as VerdictPage } from './VerdictPage.svelte';
