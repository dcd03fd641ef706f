"""The page shell: layouts, components, charts, design tokens. No domain."""
