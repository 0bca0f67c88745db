package depot_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"apilos/api/config"
)

// composeService is the part of a service that these tests look at.
type composeService struct {
	Image       string            `yaml:"image"`
	Build       string            `yaml:"build"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	DependsOn   map[string]any    `yaml:"depends_on"`
}

func compose(t *testing.T) (services map[string]composeService, volumes map[string]any) {
	t.Helper()
	var file struct {
		Services map[string]composeService `yaml:"services"`
		Volumes  map[string]any            `yaml:"volumes"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &file))
	return file.Services, file.Volumes
}

func TestComposeHasEveryServiceOfThePlatform(t *testing.T) {
	t.Parallel()
	services, volumes := compose(t)
	var names []string
	for name := range services {
		names = append(names, name)
	}
	slices.Sort(names)
	require.Equal(t, []string{"antivirus", "app", "courriel", "postgres", "s3", "worker"}, names)
	require.Equal(t, []string{"serve"}, services["app"].Command)
	require.Equal(t, []string{"worker"}, services["worker"].Command)

	for name, service := range services {
		for dependency := range service.DependsOn {
			require.Contains(t, services, dependency, name)
		}
		for _, volume := range service.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			require.Contains(t, volumes, source, name)
		}
	}
}

func TestComposeImagesArePinnedAndPortsStayOnTheMachine(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^[a-z0-9/_-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$`)
	services, _ := compose(t)
	for name, service := range services {
		if service.Build == "" {
			require.Regexp(t, pinned, service.Image, name)
		}
		for _, port := range service.Ports {
			require.True(t, strings.HasPrefix(port, "127.0.0.1:"), "%s publishes %s to the network", name, port)
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(read(t, "Dockerfile"), -1) {
		require.Regexp(t, `^[a-z]+:\d+\.\d+`, line[1], "base image of the Dockerfile")
	}
}

func TestComposeGivesSettingsThatThePlatformAccepts(t *testing.T) {
	t.Parallel()
	services, _ := compose(t)
	for _, name := range []string{"app", "worker"} {
		var environ []string
		for key, value := range services[name].Environment {
			environ = append(environ, key+"="+value)
		}
		cfg, err := config.Load(environ)
		require.NoError(t, err, name)
		known := map[string]bool{}
		for _, setting := range cfg.Describe() {
			known[setting.Name] = true
		}
		for key := range services[name].Environment {
			require.True(t, known[key], "%s sets %s, which is no setting", name, key)
		}
		require.True(t, cfg.Storage.UsesS3(), name)
		require.True(t, cfg.Antivirus.Enabled(), name)
		require.False(t, cfg.Jobs.InProcess, name)
		require.NotEmpty(t, cfg.Mail.URL, name)
		require.Contains(t, cfg.Database.URL.Reveal(), "@postgres:5432/", name)
	}
	s3 := services["s3"].Environment
	require.Equal(t, s3["ROOT_ACCESS_KEY"], services["app"].Environment["AWS_ACCESS_KEY_ID"])
	require.Equal(t, s3["ROOT_SECRET_KEY"], services["app"].Environment["AWS_SECRET_ACCESS_KEY"])
}

func TestImageRunsWithoutPrivilege(t *testing.T) {
	t.Parallel()
	dockerfile := read(t, "Dockerfile")
	last := dockerfile[strings.LastIndex(dockerfile, "\nFROM "):]
	require.Regexp(t, `(?m)^USER [1-9]\d*$`, last, "the final stage runs as a numbered user other than root")
	require.Contains(t, last, "HEALTHCHECK")
	require.Contains(t, dockerfile, "npm ci", "what is built is what the lock file says")
}

func TestPubliccodeHasTheRequiredKeys(t *testing.T) {
	t.Parallel()
	var file struct {
		Version           string   `yaml:"publiccodeYmlVersion"`
		Name              string   `yaml:"name"`
		URL               string   `yaml:"url"`
		SoftwareVersion   string   `yaml:"softwareVersion"`
		ReleaseDate       string   `yaml:"releaseDate"`
		Platforms         []string `yaml:"platforms"`
		Categories        []string `yaml:"categories"`
		DevelopmentStatus string   `yaml:"developmentStatus"`
		SoftwareType      string   `yaml:"softwareType"`
		Description       map[string]struct {
			Short    string   `yaml:"shortDescription"`
			Long     string   `yaml:"longDescription"`
			Features []string `yaml:"features"`
		} `yaml:"description"`
		Legal struct {
			License string `yaml:"license"`
		} `yaml:"legal"`
		Maintenance struct {
			Type     string `yaml:"type"`
			Contacts []struct {
				Name string `yaml:"name"`
			} `yaml:"contacts"`
		} `yaml:"maintenance"`
		Localisation struct {
			Ready     *bool    `yaml:"localisationReady"`
			Languages []string `yaml:"availableLanguages"`
		} `yaml:"localisation"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "publiccode.yml")), &file))
	require.Equal(t, "0.4", file.Version)
	require.Equal(t, "APiLos", file.Name)
	require.Regexp(t, `^https://`, file.URL)
	require.Regexp(t, `^\d{4}-\d{2}-\d{2}$`, file.ReleaseDate)
	require.NotEmpty(t, file.Platforms)
	require.NotEmpty(t, file.Categories)
	require.Contains(t, []string{"concept", "development", "beta", "stable", "obsolete"}, file.DevelopmentStatus)
	require.Equal(t, "standalone/web", file.SoftwareType)
	french := file.Description["fr"]
	require.NotEmpty(t, french.Short)
	require.LessOrEqual(t, len([]rune(french.Short)), 150)
	require.GreaterOrEqual(t, len([]rune(french.Long)), 150)
	require.LessOrEqual(t, len([]rune(french.Long)), 10000)
	require.NotEmpty(t, french.Features)
	require.Equal(t, "MIT", file.Legal.License)
	require.Contains(t, read(t, "LICENSE"), "MIT License")
	require.Contains(t, []string{"internal", "contract", "community", "none"}, file.Maintenance.Type)
	require.NotEmpty(t, file.Maintenance.Contacts)
	require.NotNil(t, file.Localisation.Ready)
	require.Contains(t, file.Localisation.Languages, "fr")

	require.Contains(t, read(t, "package.json"), `"version": "`+file.SoftwareVersion+`"`, "one version in the repository")
}

func TestContinuousIntegrationRunsTheScriptsOfDevelopers(t *testing.T) {
	t.Parallel()
	require.Contains(t, read(t, ".github/workflows/ci.yml"), "run: .ci/run")
	run := read(t, ".ci/run")
	for _, line := range []string{"set -euo pipefail", "export CI=true", "./scripts/setup-ci", "./scripts/test"} {
		require.Contains(t, run, line)
	}
}
