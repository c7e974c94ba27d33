package dev.sluice.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice.engine");

    @Test
    void exchange_knowsNoNettyAndNoChannels() {
        noClasses()
                .that()
                .resideInAPackage("..engine.exchange..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "..engine.netty..")
                .check(ENGINE);
    }

    @Test
    void http_knowsHeadsAndNoChannels() {
        noClasses()
                .that()
                .resideInAPackage("..engine.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "..engine.netty..", "..engine.exchange..")
                .check(ENGINE);
    }

    @Test
    void builtinPlugins_areWrittenAsAnyPluginIs() {
        noClasses()
                .that()
                .resideInAPackage("..engine.builtin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "..engine.netty..", "..engine.exchange..", "..engine.http..")
                .check(ENGINE);
    }
}
