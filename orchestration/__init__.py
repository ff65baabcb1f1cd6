"""The Veilig Thuis warehouse: plain packages in the order of the flow, and Dagster's wiring around them."""

import warnings

# Once, before anything is imported that warns: warnings.catch_warnings, which Dagster uses itself, loses and restores filters of other
# threads. What looks otherwise in a next version of Dagster, the lock file holds off.
warnings.filterwarnings("ignore", message=r".* is currently in (preview|beta), and may have breaking changes")
