"""What a provider has besides its messaging channel: Login channels, their LIFF apps, keys, tokens and consents."""
